-- import_analyze: fresh statistics after a large change. city.layer stands for the table.
analyze city.layer
