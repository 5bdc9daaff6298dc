-- undo_lock_table: keeps writers out of the table until the transaction ends; what
-- is committed is then all there is. city.layer stands for the table.
lock table city.layer in share row exclusive mode
