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

-- journal.announce_undo: trigger function of journal.batch: an import that was undone is
-- in no past, so every server lets go of those that it made.
create or replace function journal.announce_undo() returns trigger
language plpgsql set search_path = pg_catalog, public, pg_temp as $$
begin
    insert into journal.entry (layer, op, actor, batch) values (new.layer, 'undo', new.actor, new.id);
    perform pg_notify('yizhan', '');
    return null;
end
$$;

comment on function journal.announce_undo() is '通知撤销 | Announces that an import was undone';
