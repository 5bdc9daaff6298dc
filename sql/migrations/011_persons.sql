-- persons: private columns, the time from which layers and columns are public, former
-- personal layers, and purges.
alter table catalog.layer add column published_at timestamptz not null default '-infinity';
alter table catalog.layer alter column published_at set default clock_timestamp();
comment on column catalog.layer.published_at is '公开起始时间 | The past before this is not shown';

alter table catalog.field
    add column privacy text not null default 'public' check (privacy in ('public', 'personal')),
    add column public_since timestamptz not null default '-infinity';
alter table catalog.field alter column public_since set default clock_timestamp();
comment on column catalog.field.privacy is '隐私级别 | personal: kept in the table, never shown, granted or exported';
comment on column catalog.field.public_since is '字段公开起始时间 | Former values from before this are not shown';

create table catalog.once_personal (relation regclass primary key);
comment on table catalog.once_personal is '曾为个人信息图层的表 | Tables that were personal layers, which nobody publishes by default';

create trigger yizhan_guard before insert or update on catalog.layer
    for each row execute function catalog.guard_layer();
create trigger yizhan_grants after insert or delete or update of relation, privacy on catalog.layer
    for each row execute function catalog.regrant_layer();
create trigger yizhan_guard before insert or update on catalog.field
    for each row execute function catalog.guard_field();
create trigger yizhan_grants after update of privacy on catalog.field
    for each row execute function catalog.regrant_field();

create table journal.purged (
    id bigint generated always as identity primary key,
    at timestamptz not null default clock_timestamp(),
    actor text not null,
    layer text not null,
    scope text not null check (scope in ('layer', 'key', 'column', 'expired')),
    field text,
    former_rows bigint not null default 0,
    previews bigint not null default 0,
    reports bigint not null default 0
);
comment on table journal.purged is '清除记录 | What was purged, by whom and how much; never what it was';
-- without a foreign key: checking it would double the cost of writing former rows
alter table journal.before add column purged bigint;
comment on column journal.before.purged is '清除编号 | The purge that emptied the row, or took a column out of it';

alter table journal.entry
    drop constraint entry_op_check,
    add constraint entry_op_check check (op in ('insert', 'update', 'delete', 'truncate', 'catalog', 'purge', 'undo'));
create trigger yizhan_undone after insert on journal.batch for each row when (new.undoes is not null)
    execute function journal.announce_undo();

-- tables of schema city were readable by default, even if they were not public layers
do $$
declare
    t regclass;
begin
    for t in
        select c.oid from pg_class c
        where c.relnamespace = 'city'::regnamespace and c.relkind in ('r', 'p', 'v', 'm', 'f') and c.oid <> 'city.target'::regclass
            and not exists (select from catalog.layer l where l.relation = c.oid and l.privacy = 'public')
    loop
        execute format('revoke select on %s from yizhan_public', t);
    end loop;
end
$$;

---- create above / drop below ----

alter table journal.entry drop constraint entry_op_check;
drop trigger yizhan_undone on journal.batch;
delete from journal.entry where op in ('purge', 'undo');
alter table journal.entry add constraint entry_op_check check (op in ('insert', 'update', 'delete', 'truncate', 'catalog'));
alter table journal.before drop column purged;
drop table journal.purged, catalog.once_personal;
drop trigger yizhan_grants on catalog.field;
drop trigger yizhan_guard on catalog.field;
drop trigger yizhan_grants on catalog.layer;
drop trigger yizhan_guard on catalog.layer;
alter table catalog.field drop column public_since, drop column privacy;
alter table catalog.layer drop column published_at;
