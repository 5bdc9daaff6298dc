-- journal.undone: the batches that are undone at present, each with the batch that undid
-- it. An undone undo has no effect, so the newest are considered first.
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

comment on function journal.undone() is '已撤销的批次 | Undone batches and the batches that undid them';

-- journal.announce_undo: trigger function of journal.batch: an undone import is part of no
-- past, so all servers drop their pasts of the layer.
create or replace function journal.announce_undo() returns trigger
language plpgsql set search_path = pg_catalog, public, pg_temp as $$
begin
    insert into journal.entry (layer, op, actor, batch) values (new.layer, 'undo', new.actor, new.id);
    perform pg_notify('yizhan', '');
    return null;
end
$$;

comment on function journal.announce_undo() is '通知撤销 | Announces that an import was undone';
