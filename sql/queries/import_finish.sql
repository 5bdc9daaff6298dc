-- import_finish: the import in the ledger of imports.
-- $1 id  $2 layer  $3 source  $4 sha256  $5 actor  $6 started  $7 read  $8 inserted  $9 updated  $10 unchanged  $11 rejected
-- $12 mode  $13 deleted  $14 repaired  $15 format  $16 crs  $17 transformation  $18 accuracy in metres
-- returns: the number of the transaction, by which others ask for what it did
insert into journal.batch (id, layer, source, sha256, actor, started_at, rows_read, inserted, updated, unchanged, rejected,
    mode, deleted, repaired, format, crs, transformation, accuracy_m)
overriding system value
values ($1, $2, $3, $4, coalesce(nullif($5, ''), session_user), $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18)
returning pg_current_xact_id()::text
