-- undo_lock_table: keeps writers out of the table until the transaction ends; what
-- is committed is then all there is. {layer} stands for the table.
lock table {layer} in share row exclusive mode
