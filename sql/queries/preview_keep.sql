-- preview_keep: a preview stands. What its transaction saw of the layer is noted.
-- $1 id  $2 report (jsonb)  $3 what applying must know (jsonb)
update journal.import
set state = 'preview', preview = $2, settings = $3, seen = pg_current_snapshot(), changed_at = clock_timestamp()
where id = $1 and state = 'reading'
