-- import_lock_table: keeps everybody out of the table until the transaction ends.
-- city.layer stands for the table.
lock table city.layer in access exclusive mode
