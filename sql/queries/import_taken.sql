-- import_taken: rows whose key the layer has, where rows may only be added.
-- {layer}, {key} and {typed_rows} stand for the table, its key and the staged rows.
-- returns: position, offset, key as text
select yizhan_pos, yizhan_offset, staged.{key}::text
from {typed_rows}
where exists (select from {layer} as target where target.{key} = staged.{key})
order by yizhan_pos
