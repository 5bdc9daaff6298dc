-- undo_insert: puts rows back that are no longer there, under their former ids.
-- {layer}, {id}, {columns} and {former_values} stand for the table, its feature
-- id, its other columns, and their values in former.
insert into {layer} ({columns}) overriding system value
select {former_values}
from yizhan_undo as touched
join journal.before as b on b.entry = touched.entry and b.id = touched.id
cross join lateral jsonb_populate_record(null::{layer}, b.image) as former
where touched.existed and not exists (select from {layer} as target where target.{id} = touched.id)
order by touched.id
