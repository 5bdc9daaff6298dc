-- preview_aside_copy: takes the keys of rows that the layer has as they are.
-- {aside} stands for the table of rows set aside.
copy {aside} (yizhan_key) from stdin (format binary)
