-- preview_since: the last change of a layer that a snapshot did not see.
-- $1 layer   $2 snapshot   returns: who, when, or no row
select actor, to_char(at, 'YYYY-MM-DD HH24:MI:SS')
from journal.entry
where layer = $1 and not pg_visible_in_snapshot(xid, $2::pg_snapshot)
order by seq desc
limit 1
