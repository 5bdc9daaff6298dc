-- preview_lock_table: keeps writers out of the table until the transaction ends.
-- {layer} stands for the table.
lock table {layer} in share row exclusive mode
