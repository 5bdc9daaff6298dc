-- import_filled: the journal's entry of a layer that was filled without its trigger.
-- $1 layer
select journal.record_load($1)
