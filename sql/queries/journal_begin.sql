-- journal_begin: what the transaction at hand sees, as a snapshot to compare with later.
-- returns: pg_snapshot as text (xmin:xmax:list)
select pg_current_snapshot()::text
