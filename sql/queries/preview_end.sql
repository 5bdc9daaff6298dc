-- preview_end: what became of a preview.   $1 id  $2 state  $3 batch
update journal.import
set state = $2, batch = $3, changed_at = clock_timestamp(), settings = '{}',
    failure = case when $2 = 'failed' then 'interrupted' else failure end
where id = $1
