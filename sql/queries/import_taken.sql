-- import_taken: rows whose key the layer has, where rows may only be added.
-- city.layer, key_column and typed_rows stand for the table, its key and the staged rows.
-- returns: position, offset, key as text
select yizhan_pos, yizhan_offset, staged.key_column::text
from typed_rows
where exists (select from city.layer as target where target.key_column = staged.key_column)
order by yizhan_pos
