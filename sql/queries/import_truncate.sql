-- import_truncate: gives an empty table a new file. {layer} stands for the table.
truncate only {layer}
