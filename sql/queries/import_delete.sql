-- import_delete: takes rows out of a layer that the file does not have; rows whose
-- feature was rejected stay. city.layer, key_column and typed_rows stand for the
-- table, its key and the staged rows, key_type for the key's type.   $1 keys of rejected features (text)
delete from city.layer as target
where not exists (select from typed_rows where staged.key_column = target.key_column)
    and not coalesce(target.key_column = any ($1::text[]::key_type[]), false)
