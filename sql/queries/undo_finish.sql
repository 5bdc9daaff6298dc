-- undo_finish: the undo in the ledger of imports.
-- $1 id  $2 layer  $3 source  $4 actor  $5 started  $6 rows touched  $7 inserted  $8 updated  $9 unchanged  $10 deleted  $11 the batch undone
-- returns: the number of the transaction, by which others ask for what it did
insert into journal.batch (id, layer, source, sha256, mode, actor, started_at, rows_read, inserted, updated, unchanged, deleted, rejected, undoes)
overriding system value
values ($1, $2, $3, '', 'undo', coalesce(nullif($4, ''), session_user), $5, $6, $7, $8, $9, $10, 0, $11)
returning pg_current_xact_id()::text
