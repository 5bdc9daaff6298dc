-- preview_stale: imports whose reading was interrupted, and previews a week old.
-- returns: id, whether it was interrupted
select id, state = 'reading' from journal.import
where state = 'preview' and changed_at < clock_timestamp() - interval '7 days'
    or state = 'reading' and begun_at < clock_timestamp() - interval '1 minute' and pg_try_advisory_xact_lock(hashtext('yizhan preview'), id::int)
for update skip locked
