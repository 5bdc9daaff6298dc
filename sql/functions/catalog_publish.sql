-- catalog.label: one language of a comment written as 中文 | English.
create or replace function catalog.label(comment text, language text, fallback text) returns text
language sql immutable set search_path = pg_catalog, public, pg_temp as $$
    select coalesce(nullif(trim(case
        when comment is null or comment = '' then fallback
        when position(' | ' in comment) = 0 then comment
        when language = 'zh' then split_part(comment, ' | ', 1)
        else split_part(comment, ' | ', 2)
    end), ''), fallback)
$$;

comment on function catalog.label(text, text, text) is '双语注释 | One language of a two-language comment';

-- catalog.refresh: updates catalog.field from the columns of the table. New columns are
-- added with the titles in their comments. The first 12 columns are in tiles from the
-- layer's point_zoom, 14 at the latest.
create or replace function catalog.refresh(layer_name text) returns void
language plpgsql set search_path = pg_catalog, public, pg_temp as $$
declare
    l catalog.layer;
begin
    select * into l from catalog.layer where name = layer_name;
    if not found then
        raise exception 'no layer "%" in the catalogue', layer_name using errcode = 'no_data_found';
    end if;

    delete from catalog.field f
    where f.layer = l.name
        and not exists (select from pg_attribute a
            where a.attrelid = l.relation and a.attname = f.name and a.attnum > 0 and not a.attisdropped);

    insert into catalog.field (layer, name, position, title_zh, title_en, min_zoom)
    select l.name, a.attname, a.attnum,
        catalog.label(col_description(a.attrelid, a.attnum), 'zh', a.attname),
        catalog.label(col_description(a.attrelid, a.attnum), 'en', a.attname),
        case when l.privacy = 'public' and row_number() over (order by a.attnum) <= 12 then least(l.point_zoom, 14, l.max_zoom) end
    from pg_attribute a
    join pg_type t on t.oid = a.atttypid
    where a.attrelid = l.relation and a.attnum > 0 and not a.attisdropped
        and a.attname not in (l.id_column, l.geom_column)
        and t.typname not in ('geometry', 'geography', 'bytea')
    on conflict do nothing;
    perform catalog.grant_layer(l.name);
end
$$;

comment on function catalog.refresh(text) is '刷新字段 | Updates the fields from the columns of the table';

-- catalog.publish: makes a table a layer. The table needs one integer primary key
-- column and one geometry column with SRID 4326; everything else has a default.
-- Calling it again updates the layer: omitted settings keep their values, privacy too,
-- and '' clears a key or a facet. A table of schema personal is always personal.
create or replace function catalog.publish(
    relation regclass,
    layer text default null,
    title_zh text default null,
    title_en text default null,
    key_column text default null,
    facet text default null,
    privacy text default null,
    min_zoom integer default null,
    max_zoom integer default null,
    point_zoom integer default null,
    draw_order integer default null,
    style jsonb default null
) returns text
language plpgsql set search_path = pg_catalog, public, pg_temp as $$
#variable_conflict use_variable
declare
    shape record;
    had catalog.layer;
    id_column name;
    layer_name text := coalesce(layer, (select l.name from catalog.layer l where l.relation = publish.relation),
        (select relname from pg_class where oid = relation));
    about text := obj_description(relation, 'pg_class');
begin
    if layer_name !~ '^[a-z][a-z0-9_]{0,39}$' then
        raise exception 'layer name "%" is invalid: use a to z, 0 to 9 and _, begin with a letter, and at most 40 characters', layer_name
            using errcode = 'invalid_parameter_value', hint = 'give a name: select catalog.publish(..., layer => ''my_layer'')';
    end if;
    perform catalog.refuse_untrusted(relation);
    select a.attname into id_column
    from pg_index i join pg_attribute a on a.attrelid = i.indrelid and a.attnum = i.indkey[0]
    where i.indrelid = relation and i.indisprimary and i.indnatts = 1
        and a.atttypid in ('smallint'::regtype, 'integer'::regtype, 'bigint'::regtype);
    if id_column is null then
        raise exception 'table % has no integer primary key', relation
            using errcode = 'invalid_table_definition', hint = format('alter table %s add column gid bigint generated always as identity primary key', relation);
    end if;

    select a.attname as column_name, format_type(a.atttypid, a.atttypmod) as type into shape
    from pg_attribute a join pg_type t on t.oid = a.atttypid
    where a.attrelid = relation and a.attnum > 0 and not a.attisdropped and t.typname = 'geometry'
    order by a.attnum limit 1;
    if shape.type is null or shape.type !~* '(point|linestring|polygon)(z|m|zm)?,4326\)$' then
        raise exception 'table % needs a column such as geometry(Point,4326), but has %', relation, coalesce(shape.type, 'no geometry column')
            using errcode = 'invalid_table_definition', hint = 'points, lines or polygons, single or multiple, with SRID 4326';
    end if;

    select * into had from catalog.layer l where l.name = layer_name;
    privacy := coalesce(privacy, had.privacy, catalog.first_privacy(relation));
    key_column := nullif(coalesce(key_column, had.key_column), '');
    insert into catalog.layer as l (name, relation, id_column, key_column, geom_column, kind, title_zh, title_en,
        min_zoom, max_zoom, point_zoom, privacy, facet, position, style)
    values (
        layer_name, relation, id_column, key_column, shape.column_name,
        case when shape.type ~* 'point' then 'point' when shape.type ~* 'line' then 'line' else 'polygon' end,
        coalesce(title_zh, had.title_zh, catalog.label(about, 'zh', layer_name)),
        coalesce(title_en, had.title_en, catalog.label(about, 'en', layer_name)),
        coalesce(min_zoom, had.min_zoom, 0), coalesce(max_zoom, had.max_zoom, 18), coalesce(point_zoom, had.point_zoom, 16),
        privacy, nullif(coalesce(facet, had.facet), ''), coalesce(draw_order, had.position, 100), coalesce(style, had.style, '{}'))
    on conflict (name) do update set
        relation = excluded.relation, id_column = excluded.id_column, key_column = excluded.key_column,
        geom_column = excluded.geom_column, kind = excluded.kind, title_zh = excluded.title_zh, title_en = excluded.title_en,
        min_zoom = excluded.min_zoom, max_zoom = excluded.max_zoom, point_zoom = excluded.point_zoom,
        privacy = excluded.privacy, facet = excluded.facet, position = excluded.position, style = excluded.style;

    perform catalog.refresh(layer_name);
    perform journal.attach(relation);
    -- PostgreSQL names the indexes: names of our own could be cut to the same 63 bytes
    if not exists (
        select from pg_index i join pg_class c on c.oid = i.indexrelid join pg_am m on m.oid = c.relam
        join pg_attribute a on a.attrelid = i.indrelid and a.attnum = i.indkey[0]
        where i.indrelid = relation and m.amname = 'gist' and i.indpred is null and a.attname = shape.column_name) then
        execute format('create index on %s using gist (%I)', relation, shape.column_name);
    end if;
    if key_column is not null and not exists (
        select from pg_index i join pg_attribute a on a.attrelid = i.indrelid and a.attnum = i.indkey[0]
        where i.indrelid = relation and i.indisunique and i.indnkeyatts = 1 and i.indpred is null and a.attname = key_column) then
        execute format('create unique index on %s (%I)', relation, key_column);
    end if;
    return layer_name;
end
$$;

comment on function catalog.publish(regclass, text, text, text, text, text, text, integer, integer, integer, integer, jsonb)
    is '发布图层 | Makes a table a layer, without a restart';

-- catalog.categories: sets the admissible values of a field and, when enforced, constrains the column to them.
create or replace function catalog.categories(layer_name text, field_name text, list jsonb, enforce boolean default true) returns void
language plpgsql set search_path = pg_catalog, public, pg_temp as $$
declare
    target regclass := (select relation from catalog.layer where name = layer_name);
begin
    update catalog.field f set categories = list where f.layer = layer_name and f.name = field_name;
    if not found then
        raise exception 'layer "%" has no field "%"', layer_name, field_name using errcode = 'no_data_found';
    end if;
    if enforce then
        execute format('alter table %s drop constraint if exists %I', target, field_name || '_listed');
        execute format('alter table %s add constraint %I check (%I in (%s))', target, field_name || '_listed', field_name,
            (select string_agg(quote_literal(c ->> 'value'), ', ') from jsonb_array_elements(list) as c));
    end if;
end
$$;

comment on function catalog.categories(text, text, jsonb, boolean) is '字段取值 | Sets the admissible values of a field';

-- catalog.show: sets the first zoom whose tiles contain the fields (null: none), and their unit.
create or replace function catalog.show(layer_name text, fields text[], from_zoom integer, unit text default null) returns void
language sql set search_path = pg_catalog, public, pg_temp as $$
    update catalog.field f set min_zoom = from_zoom, unit = coalesce(show.unit, f.unit)
    where f.layer = layer_name and f.name = any (fields)
$$;

comment on function catalog.show(text, text[], integer, text) is '瓦片字段 | Sets the tiles that contain a field';
