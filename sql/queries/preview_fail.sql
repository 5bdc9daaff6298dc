-- preview_fail: a file could not be read.   $1 id  $2 why
update journal.import set state = 'failed', failure = $2, changed_at = clock_timestamp() where id = $1 and state = 'reading'
