-- catalog.grant_layer: gives the public role what it may read of a layer: the table;
-- where columns are kept private, only the others; of a personal layer nothing.
create or replace function catalog.grant_layer(layer_name text) returns void
language plpgsql set search_path = pg_catalog, public, pg_temp as $$
declare
    l catalog.layer;
    home name;
    private text[];
begin
    select * into l from catalog.layer where name = layer_name;
    select n.nspname into home from pg_class c join pg_namespace n on n.oid = c.relnamespace where c.oid = l.relation;
    if home is null then
        return; -- the table is gone, and its grants with it
    end if;
    if l.privacy <> 'public' then
        perform catalog.revoke_table(l.relation);
        return;
    end if;
    -- asked of the row as a whole, because the first migrations publish before the column is there
    select array_agg(f.name) into private from catalog.field f where f.layer = l.name and to_jsonb(f) ->> 'privacy' = 'personal';
    execute format('grant usage on schema %I to yizhan_public', home);
    if private is null then
        execute format('grant select on %s to yizhan_public', l.relation);
        return;
    end if;
    execute format('revoke all on %s from yizhan_public, public cascade', l.relation);
    execute (select format('grant select (%s) on %s to yizhan_public', string_agg(quote_ident(a.attname), ', ' order by a.attnum), l.relation)
        from pg_attribute a
        where a.attrelid = l.relation and a.attnum > 0 and not a.attisdropped
            and (a.attname in (l.id_column, l.geom_column)
                or exists (select from catalog.field f where f.layer = l.name and f.name = a.attname and f.name <> all (private))));
end
$$;

comment on function catalog.grant_layer(text) is '图层授权 | Grants what is public of a layer, and nothing else';

-- catalog.revoke_table: takes a table from the public role and from everybody, with
-- grants on single columns, and its schema where no public layer is left in it.
create or replace function catalog.revoke_table(relation regclass) returns void
language plpgsql set search_path = pg_catalog, public, pg_temp as $$
declare
    home oid := (select relnamespace from pg_class where oid = relation);
begin
    if home is null then
        return;
    end if;
    execute format('revoke all on %s from yizhan_public, public cascade', relation);
    if home::regnamespace::text not in ('city', 'catalog', 'journal', 'ask', 'public', 'pg_catalog') and not exists (
        select from catalog.layer l join pg_class c on c.oid = l.relation
        where c.relnamespace = home and l.privacy = 'public') then
        execute format('revoke all on schema %s from yizhan_public, public cascade', home::regnamespace);
    end if;
end
$$;

comment on function catalog.revoke_table(regclass) is '收回授权 | Takes a table from the public role';

-- catalog.first_privacy: how a table is published when nobody says: personal in schema
-- personal, else public. Of a table that was a personal layer somebody must say.
create or replace function catalog.first_privacy(relation regclass) returns text
language plpgsql stable set search_path = pg_catalog, public, pg_temp as $$
begin
    if (select relnamespace::regnamespace::text from pg_class where oid = relation) = 'personal' then
        return 'personal';
    end if;
    if to_regclass('catalog.once_personal') is not null then
        perform from catalog.once_personal o where o.relation = first_privacy.relation;
        if found then
            raise exception 'table % was a personal layer: say how it is to be published', relation
                using errcode = 'invalid_parameter_value', hint = 'add privacy => ''personal'', or privacy => ''public'' if nothing in it is of persons any more';
        end if;
    end if;
    return 'public';
end
$$;

comment on function catalog.first_privacy(regclass) is '默认隐私级别 | How a table is published when nobody says';

-- catalog.withdraw: a table is no longer a layer, and the public role has no grant on
-- it. The table and its journal stay. It is the first step of making a personal layer public.
create or replace function catalog.withdraw(layer_name text) returns void
language plpgsql set search_path = pg_catalog, public, pg_temp as $$
begin
    delete from catalog.layer where name = layer_name;
    if not found then
        raise exception 'no layer "%" in the catalogue', layer_name using errcode = 'no_data_found';
    end if;
end
$$;

comment on function catalog.withdraw(text) is '撤下图层 | Takes a layer out of the catalogue; its table stays';

-- catalog.keep_private: columns of a public layer that nobody but the ledger's owner
-- sees from now on: in no tile, no grant, no history. make_public is the way back.
create or replace function catalog.keep_private(layer_name text, fields text[]) returns void
language plpgsql set search_path = pg_catalog, public, pg_temp as $$
declare
    said text;
begin
    foreach said in array fields loop
        perform from catalog.layer l where l.name = layer_name and said in (l.key_column, l.facet, l.id_column, l.geom_column);
        if found then
            raise exception 'column "%" of layer "%" cannot be kept private: it is the key, the facet, the feature id or the geometry', said, layer_name
                using errcode = 'invalid_parameter_value', hint = 'publish the layer with another key_column or facet first ('''' for none)';
        end if;
        update catalog.field f set privacy = 'personal', min_zoom = null where f.layer = layer_name and f.name = said;
        if not found then
            raise exception 'layer "%" has no field "%"', layer_name, said using errcode = 'no_data_found';
        end if;
    end loop;
end
$$;

comment on function catalog.keep_private(text, text[]) is '字段不公开 | Columns that nobody but the owner sees';

-- catalog.make_public: columns that were kept private are no longer. What the journal
-- has of them from before stays private. Which tiles carry them says catalog.show.
create or replace function catalog.make_public(layer_name text, fields text[]) returns void
language plpgsql set search_path = pg_catalog, public, pg_temp as $$
declare
    said text;
begin
    foreach said in array fields loop
        update catalog.field f set privacy = 'public' where f.layer = layer_name and f.name = said;
        if not found then
            raise exception 'layer "%" has no field "%"', layer_name, said using errcode = 'no_data_found';
        end if;
    end loop;
end
$$;

comment on function catalog.make_public(text, text[]) is '字段公开 | Columns that are no longer private';

-- catalog.guard_layer: trigger function of catalog.layer. A table of schema personal is
-- never public, and a personal layer does not become public by an update.
create or replace function catalog.guard_layer() returns trigger
language plpgsql set search_path = pg_catalog, public, pg_temp as $$
begin
    if new.privacy = 'public' and (select relnamespace::regnamespace::text from pg_class where oid = new.relation) = 'personal' then
        raise exception 'table % is in schema personal, whose tables are never public', new.relation
            using errcode = 'invalid_parameter_value', hint = 'publish it with privacy => ''personal'', or leave privacy out';
    end if;
    if tg_op = 'INSERT' then
        return new;
    end if;
    if old.privacy = 'personal' and new.privacy = 'public' then
        raise exception 'layer "%" is personal and cannot become public in one step', new.name
            using errcode = 'invalid_parameter_value',
            hint = format('if nothing in it is of persons any more: select catalog.withdraw(%L), then publish the table with privacy => ''public''', new.name);
    end if;
    if old.relation <> new.relation or old.privacy <> new.privacy then
        new.published_at := clock_timestamp();
    end if;
    return new;
end
$$;

comment on function catalog.guard_layer() is '图层隐私检查 | Keeps personal tables from becoming public';

-- catalog.regrant_layer: trigger function of catalog.layer: grants follow the catalogue.
create or replace function catalog.regrant_layer() returns trigger
language plpgsql set search_path = pg_catalog, public, pg_temp as $$
begin
    if tg_op = 'DELETE' or tg_op = 'UPDATE' and old.relation <> new.relation then
        if old.privacy = 'personal' and exists (select from pg_class where oid = old.relation) then
            insert into catalog.once_personal (relation) values (old.relation) on conflict do nothing;
        end if;
        perform catalog.revoke_table(old.relation);
    end if;
    if tg_op <> 'DELETE' then
        perform catalog.grant_layer(new.name);
    end if;
    return null;
end
$$;

comment on function catalog.regrant_layer() is '同步图层授权 | Grants follow the catalogue';

-- catalog.guard_field: trigger function of catalog.field: a column that is no longer
-- private has a past from now on only.
create or replace function catalog.guard_field() returns trigger
language plpgsql set search_path = pg_catalog, public, pg_temp as $$
begin
    if new.privacy = 'personal' and new.min_zoom is not null then
        raise exception 'field "%" of layer "%" is kept private, so no tile can carry it', new.name, new.layer
            using errcode = 'invalid_parameter_value', hint = format('select catalog.make_public(%L, array[%L])', new.layer, new.name);
    end if;
    if tg_op = 'UPDATE' and old.privacy <> new.privacy then
        new.public_since := clock_timestamp();
    end if;
    return new;
end
$$;

comment on function catalog.guard_field() is '字段隐私检查 | Keeps private columns out of tiles';

-- catalog.regrant_field: trigger function of catalog.field: grants follow the catalogue.
create or replace function catalog.regrant_field() returns trigger
language plpgsql set search_path = pg_catalog, public, pg_temp as $$
begin
    perform catalog.grant_layer(new.layer);
    return null;
end
$$;

comment on function catalog.regrant_field() is '同步字段授权 | Grants follow the catalogue';
