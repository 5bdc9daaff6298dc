-- undo_changed: the rows of a batch that somebody changed after it, with the last
-- change of each. A batch after it that is undone and the batch that undid it leave
-- the rows as they were, so neither counts.
-- A row is locked from its change to the end of the transaction, so on one row the
-- numbers of entries follow each other as the changes did.
-- {layer}, {id} and {key_text} stand for the table, its feature id and the key
-- of its row named target as text.
-- $1 batch   $2 layer   $3 name of the key column ('': tell no keys)   $4 how many at most
-- returns: id, key, by whom, when, op, batch (0: none), and how many there are in all
with undone as (
    select array_agg(u.batch) || array_agg(u.undone_by) as batches from journal.undone() u where u.batch > $1
), changed as materialized (
    select distinct on (t.id) t.id, e.seq, e.actor, e.at, e.op, e.batch
    from journal.entry e
    cross join lateral unnest(e.ids) as t(id)
    join yizhan_undo touched on touched.id = t.id
    where e.layer = $2 and e.seq > (select min(entry) from yizhan_undo) and e.seq > touched.entry
        and e.batch is distinct from $1
        and not exists (select from journal.before b join journal.purged p on p.id = b.purged
            where b.entry = e.seq and b.id = t.id and p.scope = 'expired') -- gone because its time was over
        and (e.batch is null or e.batch <> all (coalesce((select batches from undone), '{}')))
    order by t.id, e.seq desc
)
select listed.id,
    case when $3 <> '' then coalesce({key_text},
        (select b.image ->> $3 from journal.before b where b.entry = listed.seq and b.id = listed.id), '') else '' end,
    listed.actor, listed.at, listed.op, coalesce(listed.batch, 0), (select count(*) from changed)
from (select * from changed order by id limit $4) as listed
left join {layer} as target on target.{id} = listed.id
order by listed.id
