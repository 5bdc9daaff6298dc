-- changes_reach: whether the journal goes back to an older snapshot, which saw the
-- oldest entry that is left.
-- $1 the older snapshot (text)
select journal.reaches($1::pg_snapshot)
