-- import_insert: adds the staged rows whose key the layer does not have, in the
-- order of the file. city.layer, key_column, typed_rows, columns and fresh stand for
-- the table, its key, the staged rows in its types, the columns that the file has
-- and their values, with the table's default where a column takes no null.
insert into city.layer (columns)
select fresh from typed_rows
where not exists (select from city.layer as target where target.key_column = staged.key_column)
order by yizhan_pos
