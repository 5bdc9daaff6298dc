-- import_begin: settings of the importing transaction, and the number of its batch.
-- The memory lets the trigger and the joins of a million rows do without files; the
-- journal's lists of ids are packed by the quicker method where the server has it;
-- compiling the expressions would take longer than evaluating them.
-- $1 actor ('' means the session's user)   returns: batch id
with batch as (select nextval(pg_get_serial_sequence('journal.batch', 'id')) as id)
select id from batch, lateral (select
    set_config('yizhan.batch', batch.id::text, true),
    set_config('yizhan.actor', $1, true),
    set_config('application_name', 'yizhan import by ' || coalesce(nullif($1, ''), session_user), true),
    (select set_config(name, 'lz4', true) from pg_settings where name = 'default_toast_compression' and 'lz4' = any (enumvals)),
    set_config('jit', 'off', true),
    set_config('work_mem', greatest(pg_size_bytes(current_setting('work_mem')), 256 << 20) / 1024 || 'kB', true)) as settings
