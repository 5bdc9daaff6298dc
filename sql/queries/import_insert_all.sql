-- import_insert_all: adds all staged rows to a layer that is empty, in the order of
-- the file, which is that of the staging table. See import_insert for what stands for what.
insert into {layer} ({columns})
select {fresh} from {typed_rows}
