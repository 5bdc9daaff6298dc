-- preview_met_list: the rows that stand in the way, with the last change of each.
-- $1 how many at most   returns: id, key, by whom, when, op, batch (0: none), and how many there are in all
select met.id, coalesce(met.key, ''), e.actor, e.at, e.op, coalesce(e.batch, 0), count(*) over ()
from (select id, min(key) as key from yizhan_met group by id) as met
join yizhan_changed as changed on changed.id = met.id
join journal.entry as e on e.seq = changed.last
order by met.id
limit $1
