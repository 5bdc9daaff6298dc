-- batches: imports, newest first.
-- $1 layer ('': all)   $2 only batches before this one (0: all)   $3 only this one (0: all)   $4 maximum number
-- returns: the columns of journal.batch; 0 if it undid no batch, 0 if no batch undid it
with undone as materialized (select batch, undone_by from journal.undone())
select b.id, b.layer, b.source, b.sha256, b.mode, b.actor, b.started_at, b.finished_at,
    b.rows_read, b.inserted, b.updated, b.unchanged, b.deleted, b.rejected, b.repaired,
    coalesce(b.format, ''), coalesce(b.crs, ''), coalesce(b.transformation, ''), b.accuracy_m, coalesce(b.undoes, 0),
    coalesce((select max(u.undone_by) from undone u where u.batch = b.id), 0)
from journal.batch b
where ($1 = '' or b.layer = $1) and ($2::int8 = 0 or b.id < $2::int8) and ($3::int8 = 0 or b.id = $3::int8)
order by b.id desc
limit $4
