-- journal_begin: the snapshot of the current transaction, for later comparison.
-- returns: pg_snapshot as text (xmin:xmax:list)
select pg_current_snapshot()::text
