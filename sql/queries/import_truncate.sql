-- import_truncate: gives an empty table a new file. city.layer stands for the table.
truncate only city.layer
