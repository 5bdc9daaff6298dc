-- undo_patience: how long this transaction waits for writers of the table.
-- $1 milliseconds
select set_config('lock_timeout', $1, true)
