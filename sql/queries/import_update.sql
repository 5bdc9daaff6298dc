-- import_update: writes the rows of the layer that differ from the staged row with
-- the same key. city.layer, key_column, typed_rows, assignments, mine and theirs
-- stand for the table, its key, the staged rows in its types, and the columns that
-- the file has, as assigned and as compared. A column that takes no null stays as it is.
update city.layer as target set assignments
from typed_rows
where target.key_column = staged.key_column and (mine) is distinct from (theirs)
