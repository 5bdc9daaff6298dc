-- import_fill: takes rows straight into a layer. city.layer and columns stand for
-- the table and the columns that the file has.
copy city.layer (columns) from stdin (format binary)
