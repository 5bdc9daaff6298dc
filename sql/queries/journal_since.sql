-- journal_since: the entries that are visible now but were not in an older snapshot: each
-- change once, whatever the order of commits.
-- $1 older snapshot (text)   returns: layer, op, ids, in order of seq
-- needs: index entry_xid
select coalesce(layer, ''), op, ids
from journal.feed
where xid >= pg_snapshot_xmin($1::pg_snapshot)
    and not pg_visible_in_snapshot(xid, $1::pg_snapshot)
order by seq
