-- import_lock: one import of a layer at a time; tries once.
-- $1 layer   returns: whether the lock was had
select pg_try_advisory_xact_lock(hashtext('yizhan import'), hashtext($1))
