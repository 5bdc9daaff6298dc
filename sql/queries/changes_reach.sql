-- changes_reach: whether the journal goes back to an older snapshot, that is, the
-- snapshot saw the oldest entry left.
-- $1 older snapshot (text)
select journal.reaches($1::pg_snapshot)
