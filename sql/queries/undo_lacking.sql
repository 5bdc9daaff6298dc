-- undo_lacking: entries of a batch whose former rows are no longer in the journal.
-- An update has one for at least every second id, because it may have changed all ids.
-- $1 batch   $2 layer   returns: how many entries lack rows, how many rows were touched
select
    (select count(*)
    from (
        select e.op, cardinality(e.ids) as ids, (select count(*) from journal.before b where b.entry = e.seq) as images
        from journal.entry e
        where e.batch = $1 and e.layer = $2 and e.op in ('update', 'delete', 'truncate')) as entries
    where images < case op when 'update' then (ids + 1) / 2 else ids end),
    (select count(*) from yizhan_undo)
