-- adopt_journal: after a restore into another cluster, entries contain transaction ids
-- that this cluster has not reached yet; they count as committed long ago.
update journal.entry set xid = '3' where xid >= pg_snapshot_xmax(pg_current_snapshot())
