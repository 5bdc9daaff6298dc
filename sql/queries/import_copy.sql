-- import_copy: takes the staged rows as a stream.
copy yizhan_staging from stdin (format binary)
