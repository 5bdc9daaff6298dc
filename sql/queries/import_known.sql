-- import_known: a layer's rows in the form in which a file's are staged. city.layer,
-- geom_column and as_staged stand for the table, its geometry and its columns, null
-- where the file does not have them.
copy (select geom_column as_staged from city.layer) to stdout (format binary)
