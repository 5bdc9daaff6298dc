-- import_insert_new: adds the staged rows that the layer, which has no key, does
-- not have as they are; the same row twice in the file is one.
insert into city.layer (columns)
select theirs from typed_rows
except
select columns from city.layer
