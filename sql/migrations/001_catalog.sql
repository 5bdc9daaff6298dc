-- catalog: the layers, their fields and how each is shown.
create table catalog.layer (
    name text primary key check (name ~ '^[a-z][a-z0-9_]{0,39}$'),
    relation regclass not null unique,
    id_column name not null,
    key_column name,
    geom_column name not null,
    kind text not null check (kind in ('point', 'line', 'polygon')),
    title_zh text not null,
    title_en text not null,
    description_zh text not null default '',
    description_en text not null default '',
    min_zoom integer not null default 0 check (min_zoom between 0 and 22),
    max_zoom integer not null default 18 check (max_zoom between 0 and 22),
    point_zoom integer not null default 14 check (point_zoom between 0 and 16),
    privacy text not null default 'public' check (privacy in ('public', 'personal')),
    facet name,
    position integer not null default 100,
    style jsonb not null default '{}',
    check (min_zoom <= max_zoom)
);

comment on table catalog.layer is '图层目录 | The layers: one row each, with the table behind it';
comment on column catalog.layer.relation is '数据表 | The table that holds the features';
comment on column catalog.layer.id_column is '要素标识列 | Integer primary key: the feature id';
comment on column catalog.layer.key_column is '业务编号列 | Business key by which imports merge; null: rows are matched whole';
comment on column catalog.layer.point_zoom is '单点显示级别 | First zoom that shows single points; below it, cells with a count';
comment on column catalog.layer.privacy is '隐私级别 | personal: never drawn, listed or exported';
comment on column catalog.layer.facet is '分类字段 | Field whose categories colour the layer';
comment on column catalog.layer.position is '绘制顺序 | Drawing order, lowest first';

create table catalog.field (
    layer text not null references catalog.layer on update cascade on delete cascade,
    name name not null,
    position integer not null,
    title_zh text not null,
    title_en text not null,
    unit text,
    min_zoom integer check (min_zoom between 0 and 22),
    categories jsonb not null default '[]',
    primary key (layer, name)
);

comment on table catalog.field is '字段目录 | The attributes of each layer';
comment on column catalog.field.min_zoom is '进入瓦片的级别 | First zoom whose tiles carry the field; null: none do';
comment on column catalog.field.categories is '取值 | Admissible values: [{"value", "zh", "en", "color"}]';

grant select on catalog.layer, catalog.field to yizhan_public;

---- create above / drop below ----

drop table catalog.field, catalog.layer;
