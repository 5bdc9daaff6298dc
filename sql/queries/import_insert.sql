-- import_insert: adds the staged rows whose key the layer does not have.
insert into city.layer (columns)
select theirs from typed_rows
where not exists (select from city.layer as target where target.key_column = staged.key_column)
