-- undo_clear: takes away the rows that undo_insert is to put back, where giving them
-- their former values one after another would meet a key that the next has still.
-- city.layer and id_column stand for the table and its feature id.
delete from city.layer as target
using yizhan_undo as touched
where target.id_column = touched.id and touched.existed
