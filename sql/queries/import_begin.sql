-- import_begin: settings of the importing transaction, and the number of its batch.
-- $1 actor ('' means the session's user)   returns: batch id
with batch as (select nextval(pg_get_serial_sequence('journal.batch', 'id')) as id)
select id from batch,
    lateral (select set_config('yizhan.batch', batch.id::text, true), set_config('yizhan.actor', $1, true)) as settings
