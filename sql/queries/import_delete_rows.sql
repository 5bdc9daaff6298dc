-- import_delete_rows: takes rows out of a layer without a key that the file does not
-- have as they are. {layer}, {typed_rows}, {mine} and {fresh} stand for the table, the
-- staged rows, the table's values and the file's.
delete from {layer} as target
where md5(row({mine})::text) not in (select md5(row({fresh})::text) from {typed_rows})
