-- adopt_journal: after a restore into another cluster, entries carry transaction
-- ids that this cluster has not reached; they count as long committed.
update journal.entry set xid = '3' where xid >= pg_snapshot_xmax(pg_current_snapshot())
