-- history_begins: since when the journal knows a layer, and what time it is.
-- $1 layer   returns: instant or null, now
select journal.begins($1), now()
