-- import_delete: takes rows out of a layer that the file does not have; rows whose
-- feature was rejected stay. {layer}, {key} and {typed_rows} stand for the
-- table, its key and the staged rows, {key_type} for the key's type.   $1 keys of rejected features (text)
delete from {layer} as target
where not exists (select from {typed_rows} where staged.{key} = target.{key})
    and not coalesce(target.{key} = any ($1::text[]::{key_type}[]), false)
