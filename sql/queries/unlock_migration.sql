-- unlock_migration: the end of lock_migration.
select pg_advisory_unlock(hashtext('yizhan migration'))
