-- ask_as: sets the asker that the audit of a question about persons records.   $1 asker
select set_config('yizhan.asker', $1, true)
