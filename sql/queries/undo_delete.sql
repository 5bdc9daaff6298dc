-- undo_delete: takes away the rows that were not there before the batch.
-- {layer} and {id} stand for the table and its feature id.
delete from {layer} as target
using yizhan_undo as touched
where target.{id} = touched.id and not touched.existed
