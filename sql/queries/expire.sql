-- expire: deletes persons after their retention, and purges their former rows.
-- $1 actor ('': the session's user)   returns one row per affected layer: layer, rows deleted, former rows purged
select layer, deleted, former_rows from journal.expire($1)
