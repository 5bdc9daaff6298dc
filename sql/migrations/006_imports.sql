-- imports: previews, saved profiles, aliases of fields, the bounds of the city, and more
-- details of each batch.
alter table journal.batch
    drop constraint batch_mode_check,
    add constraint batch_mode_check check (mode in ('merge', 'replace', 'append', 'undo')),
    add column deleted bigint not null default 0,
    add column repaired bigint not null default 0,
    add column format text,
    add column crs text,
    add column transformation text,
    add column accuracy_m double precision,
    add column undoes bigint references journal.batch;

comment on column journal.batch.deleted is '删除的行 | Rows of the layer that were removed';
comment on column journal.batch.repaired is '修复的几何 | Geometries that were repaired';
comment on column journal.batch.format is '文件格式 | Format of the file';
comment on column journal.batch.crs is '来源坐标系 | Coordinate system of the file';
comment on column journal.batch.transformation is '坐标转换 | How its coordinates became EPSG:4326';
comment on column journal.batch.accuracy_m is '转换精度（米） | Stated accuracy of that, in metres';
comment on column journal.batch.undoes is '撤销的批次 | The batch that this one undid';

create index entry_batch on journal.entry (batch) where batch is not null;

alter table catalog.layer add column spacing_m double precision check (spacing_m > 0);
comment on column catalog.layer.spacing_m is '最小间距（米） | Points of one category nearer to each other than this are one thing surveyed twice; null: they may be';

alter table catalog.field add column aliases text[] not null default '{}';
comment on column catalog.field.aliases is '别名 | Other names of the field in survey files, beside its titles';

create table catalog.city (
    only_one boolean primary key default true check (only_one),
    name_zh text not null,
    name_en text not null,
    west double precision not null check (west between -180 and 180),
    south double precision not null check (south between -90 and 90),
    east double precision not null check (east between -180 and 180),
    north double precision not null check (north between -90 and 90),
    check (west < east and south < north)
);
comment on table catalog.city is '城市范围 | Where the city lies: imported features outside are refused';
insert into catalog.city (name_zh, name_en, west, south, east, north) values ('南阳', 'Nanyang', 110.9, 32.2, 113.9, 33.9);

create table catalog.import_profile (
    name text primary key check (name <> '' and length(name) <= 60),
    layer text not null references catalog.layer on update cascade on delete cascade,
    settings jsonb not null,
    actor text not null default session_user,
    saved_at timestamptz not null default clock_timestamp()
);
comment on table catalog.import_profile is '导入方案 | Saved mappings and settings of imports';

create table journal.import (
    id bigint generated always as identity primary key,
    state text not null check (state in ('reading', 'preview', 'applied', 'discarded', 'failed')),
    layer text not null,
    source text not null,
    actor text not null,
    settings jsonb not null default '{}',
    preview jsonb,
    failure text,
    seen pg_snapshot,
    batch bigint references journal.batch,
    begun_at timestamptz not null default clock_timestamp(),
    changed_at timestamptz not null default clock_timestamp()
);
comment on table journal.import is '导入预览 | Imports that were previewed, and what became of them';
comment on column journal.import.seen is '预览时的快照 | What the preview saw of the layer';

-- Staged rows of previews, one unlogged table each. They hold the contents of files, so
-- only the owner may read them.
create schema staging;
revoke all on schema staging from public;
comment on schema staging is '暂存 | Rows of imports that wait to be applied';

---- create above / drop below ----

drop schema staging cascade;
drop table journal.import, catalog.import_profile, catalog.city;
drop index journal.entry_batch;
alter table catalog.field drop column aliases;
alter table catalog.layer drop column spacing_m;
alter table journal.batch
    drop column undoes, drop column accuracy_m, drop column transformation, drop column crs,
    drop column format, drop column repaired, drop column deleted,
    drop constraint batch_mode_check,
    add constraint batch_mode_check check (mode in ('merge', 'replace', 'append'));
