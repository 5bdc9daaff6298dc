-- import_analyze: fresh statistics after a large change. {layer} stands for the table.
analyze {layer}
