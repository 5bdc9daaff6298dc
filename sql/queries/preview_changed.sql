-- preview_changed: the rows of a layer that were written since a snapshot, each with
-- the first and the last entry of the journal that names it. A row is locked from
-- its change to the end of the transaction, so on one row the numbers of entries
-- follow each other as the changes did.
-- $1 layer   $2 snapshot
-- needs: index entry_xid
create temporary table yizhan_changed on commit drop as
select t.id, min(e.seq) as first, max(e.seq) as last
from journal.entry e
cross join lateral unnest(e.ids) as t(id)
where e.layer = $1 and e.xid >= pg_snapshot_xmin($2::pg_snapshot) and not pg_visible_in_snapshot(e.xid, $2::pg_snapshot)
group by t.id
