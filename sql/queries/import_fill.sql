-- import_fill: takes rows straight into a layer. {layer} and {columns} stand for
-- the table and the columns that the file has.
copy {layer} ({columns}) from stdin (format binary)
