-- import_update: writes the rows of the layer that differ from the staged row with
-- the same key. {layer}, {key}, {typed_rows}, {assignments}, {mine} and {theirs}
-- stand for the table, its key, the staged rows in its types, and the columns that
-- the file has, as assigned and as compared. A column that takes no null stays as it is.
update {layer} as target set {assignments}
from {typed_rows}
where target.{key} = staged.{key} and ({mine}) is distinct from ({theirs})
