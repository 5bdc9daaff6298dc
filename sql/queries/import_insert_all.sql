-- import_insert_all: adds all staged rows to a layer that is empty.
insert into city.layer (columns)
select theirs from typed_rows
