-- changes_reach: whether the journal goes back to an older snapshot, which saw the
-- oldest entry that is left.
-- $1 the older snapshot (text)
select coalesce((
    select pg_visible_in_snapshot(xid, $1::pg_snapshot) from journal.entry order by seq limit 1), false)
