-- import_trigger: the journal follows the layer again. {layer} stands for the table.
alter table {layer} enable trigger yizhan_insert
