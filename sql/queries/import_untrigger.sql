-- import_untrigger: the journal's entry of a filled layer is written at its end.
-- {layer} stands for the table.
alter table {layer} disable trigger yizhan_insert
