-- unlock_migration: releases lock_migration.
select pg_advisory_unlock(hashtext('yizhan migration'))
