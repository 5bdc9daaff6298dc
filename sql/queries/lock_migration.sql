-- lock_migration: allows one migration at a time in a database, whoever starts it.
select pg_advisory_lock(hashtext('yizhan migration'))
