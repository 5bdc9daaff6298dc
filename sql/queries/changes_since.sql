-- changes_since: which public layers changed after an older snapshot.
-- $1 the older snapshot (text)   returns: layer ('' for the catalogue), each once, in order of name
-- needs: index entry_xid
select distinct case op when 'catalog' then '' else layer end as changed
from journal.feed
where xid >= pg_snapshot_xmin($1::pg_snapshot)
    and not pg_visible_in_snapshot(xid, $1::pg_snapshot)
order by changed
