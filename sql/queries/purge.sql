-- purge: removes values kept besides the present rows of a layer.
-- $1 layer  $2 key or null  $3 column or null  $4 expired rows only  $5 actor ('': the session's user)
-- returns: number of the purge (0: nothing to purge), former rows, previews, reports
select coalesce(purge_id, 0), former_rows, previews, reports from journal.purge($1, $2, $3, $4, $5)
