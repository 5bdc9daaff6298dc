-- resume: what is being written, how far it is, and how many tiles there are.
-- returns: plan, next, tiles
select plan, next, (select count(*) from map) from unfinished
