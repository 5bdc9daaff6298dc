-- undo_clear: takes away the rows that undo_insert is to put back, where giving them
-- their former values one after another would meet a key that the next has still.
-- {layer} and {id} stand for the table and its feature id.
delete from {layer} as target
using yizhan_undo as touched
where target.{id} = touched.id and touched.existed
