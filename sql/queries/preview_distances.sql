-- preview_distances: how many rows would be written over, and how far they move.
-- returns: rows, median and greatest distance in metres
select count(*), coalesce(percentile_cont(0.5) within group (order by metres), 0), coalesce(max(metres), 0) from yizhan_changes
