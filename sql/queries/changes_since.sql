-- changes_since: which public layers changed after an older snapshot, and how much the
-- journal has of it, of which no more is looked at than asked for.
-- $1 the older snapshot (text)  $2 entries at most
-- returns: layer ('' for the catalogue), entries, bytes that their ids take (packed), in order of layer
-- needs: index entry_xid
with late as (
    select op, layer, ids
    from journal.feed
    where xid >= pg_snapshot_xmin($1::pg_snapshot)
        and not pg_visible_in_snapshot(xid, $1::pg_snapshot)
    limit $2::bigint
)
select case op when 'catalog' then '' else layer end as changed, count(*), coalesce(sum(pg_column_size(ids)), 0)::bigint
from late
group by changed
order by changed
