-- resume: the plan, the progress and the number of tiles of an unfinished archive.
-- returns: plan, next, tiles
select plan, next, (select count(*) from map) from unfinished
