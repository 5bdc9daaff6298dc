-- preview_lock_table: keeps writers out of the table until the transaction ends.
-- city.layer stands for the table.
lock table city.layer in share row exclusive mode
