-- lock_migration: one migration at a time in one database, whoever starts it.
select pg_advisory_lock(hashtext('yizhan migration'))
