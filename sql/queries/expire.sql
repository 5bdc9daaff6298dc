-- expire: deletes persons whose time is over, and what the journal has of them.
-- $1 actor ('': the session's user)   returns one row a layer concerned: layer, rows deleted, former rows purged
select layer, deleted, former_rows from journal.expire($1)
