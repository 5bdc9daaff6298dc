-- preview_lock: held while a preview is read, so that nobody takes it for interrupted.
-- $1 id
select pg_advisory_xact_lock(hashtext('yizhan preview'), $1::bigint::int)
