-- journal.undone: the batches that are undone at present, each with the batch that
-- did it. An undo that was itself undone counts for nothing, so the newest speak first.
create or replace function journal.undone() returns table (batch bigint, undone_by bigint)
language plpgsql stable set search_path = pg_catalog, public, pg_temp as $$
declare
    u record;
    without_effect bigint[] := '{}';
begin
    for u in select b.id, b.undoes from journal.batch b where b.undoes is not null order by b.id desc loop
        if u.id <> all (without_effect) then
            without_effect := without_effect || u.undoes;
            batch := u.undoes;
            undone_by := u.id;
            return next;
        end if;
    end loop;
end
$$;

comment on function journal.undone() is '已撤销的批次 | Batches that are undone, and by which';
