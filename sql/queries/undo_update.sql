-- undo_update: gives the rows that are there their former values.
-- {layer}, {id} and {assignments} stand for the table, its feature id, and its
-- columns as assigned from former.
update {layer} as target set {assignments}
from yizhan_undo as touched
join journal.before as b on b.entry = touched.entry and b.id = touched.id
cross join lateral jsonb_populate_record(null::{layer}, b.image) as former
where touched.existed and target.{id} = touched.id
