-- journal_rewound: whether the ledger has gone back behind an older snapshot, as
-- after a restore; then only a fresh load is right.
-- $1 the older snapshot (text)
select pg_snapshot_xmax(pg_current_snapshot()) < pg_snapshot_xmax($1::pg_snapshot)
