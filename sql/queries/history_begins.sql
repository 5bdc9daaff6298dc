-- history_begins: start of a layer's history, and the current time.
-- $1 layer   returns: instant or null, now
select journal.begins($1), now()
