-- ask_as: who asks, for the audit row of a question about persons.   $1 asker
select set_config('yizhan.asker', $1, true)
