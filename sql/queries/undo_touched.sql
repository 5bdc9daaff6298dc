-- undo_touched: gathers the rows that a batch touched. Only the first time counts:
-- what the journal holds of that is the row as it was before the batch. An id that
-- an update gave to a row has no former row.
-- $1 batch   $2 layer
-- needs: index entry_batch
insert into yizhan_undo (id, entry, existed)
select distinct on (id) id, entry, existed
from (
    select b.id, b.entry, true as existed
    from journal.entry e join journal.before b on b.entry = e.seq
    where e.batch = $1 and e.layer = $2 and e.op <> 'insert'
    union all
    select unnest(e.ids), e.seq, false
    from journal.entry e
    where e.batch = $1 and e.layer = $2 and e.op in ('insert', 'update')) as touched
order by id, entry, existed desc
