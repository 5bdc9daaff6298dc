-- preview_free: whether nobody reads the file of a preview, see preview_lock.   $1 id
select pg_try_advisory_xact_lock(hashtext('yizhan preview'), $1::bigint::int)
