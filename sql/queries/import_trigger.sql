-- import_trigger: the journal follows the layer again. city.layer stands for the table.
alter table city.layer enable trigger yizhan_insert
