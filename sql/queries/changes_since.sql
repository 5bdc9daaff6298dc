-- changes_since: the public layers that changed after an older snapshot, with the number of
-- their journal entries, counted up to a limit.
-- $1 older snapshot (text)  $2 maximum number of entries
-- returns: layer ('' for the catalogue), entries, compressed size of their ids in bytes, in order of layer
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
