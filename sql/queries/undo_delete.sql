-- undo_delete: takes away the rows that were not there before the batch.
-- city.layer and id_column stand for the table and its feature id.
delete from city.layer as target
using yizhan_undo as touched
where target.id_column = touched.id and not touched.existed
