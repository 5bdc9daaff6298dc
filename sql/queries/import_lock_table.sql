-- import_lock_table: keeps everybody out of the table until the transaction ends.
-- {layer} stands for the table.
lock table {layer} in access exclusive mode
