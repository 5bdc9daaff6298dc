-- journal: one row per statement on a layer table, the former rows, and the imports.
create table journal.batch (
    id bigint generated always as identity primary key,
    layer text not null,
    source text not null,
    sha256 text not null,
    mode text not null default 'merge' check (mode in ('merge', 'replace', 'append')),
    actor text not null default session_user,
    started_at timestamptz not null,
    finished_at timestamptz not null default clock_timestamp(),
    rows_read bigint not null,
    inserted bigint not null,
    updated bigint not null,
    unchanged bigint not null,
    rejected bigint not null
);

comment on table journal.batch is '导入批次 | Imports that were applied, one row each';

create table journal.entry (
    seq bigint generated always as identity primary key,
    xid xid8 not null default pg_current_xact_id(),
    at timestamptz not null default clock_timestamp(),
    layer text,
    op text not null check (op in ('insert', 'update', 'delete', 'truncate', 'catalog')),
    actor text not null,
    batch bigint,
    ids bigint[] not null default '{}'
);

create index entry_xid on journal.entry (xid);
create index entry_layer on journal.entry (layer, seq);

comment on table journal.entry is '变更日志 | One row a statement that touched a layer';
comment on column journal.entry.xid is '事务号 | The writing transaction, by which the replica knows what it has seen';
comment on column journal.entry.ids is '涉及要素 | Feature ids touched';

create table journal.before (
    entry bigint not null references journal.entry on delete cascade,
    id bigint not null,
    image jsonb not null,
    primary key (entry, id)
);

comment on table journal.before is '变更前的行 | Rows as they were before an update, a delete or a truncate';
comment on column journal.before.image is '原值 | The row by column; geometry as hexadecimal EWKB';

-- what the replica may read: no personal layers, no former values, no actors
create view journal.feed with (security_barrier) as
select e.seq, e.xid, e.at, e.layer, e.op, e.ids
from journal.entry e
left join catalog.layer l on l.name = e.layer
where e.op = 'catalog' or l.privacy = 'public';

comment on view journal.feed is '公开变更流 | Changes of public layers, as the replica follows them';
grant select on journal.feed to yizhan_public;

create trigger yizhan_catalog after insert or update or delete or truncate on catalog.layer
    for each statement execute function journal.record_catalog();
create trigger yizhan_catalog after insert or update or delete or truncate on catalog.field
    for each statement execute function journal.record_catalog();

---- create above / drop below ----

drop trigger yizhan_catalog on catalog.field;
drop trigger yizhan_catalog on catalog.layer;

drop view journal.feed;
drop table journal.before, journal.entry, journal.batch;
