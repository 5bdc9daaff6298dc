-- catalog.grant_layer: grants a public layer to the public role: the table, or its public
-- columns if some are private. A personal layer is granted to nobody.
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
    -- via to_jsonb, because the first migrations publish before the column privacy exists
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

comment on function catalog.grant_layer(text) is '图层授权 | Grants the public part of a layer';

-- catalog.revoke_table: revokes a table and its columns from the public role and from
-- everybody, and its schema if it contains no other public layer.
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

comment on function catalog.revoke_table(regclass) is '收回授权 | Revokes a table from the public role';

-- catalog.first_privacy: default privacy of a table: personal in schema personal, or else
-- public. A table that was a personal layer has no default.
create or replace function catalog.first_privacy(relation regclass) returns text
language plpgsql stable set search_path = pg_catalog, public, pg_temp as $$
begin
    if (select relnamespace::regnamespace::text from pg_class where oid = relation) = 'personal' then
        return 'personal';
    end if;
    if to_regclass('catalog.once_personal') is not null then
        perform from catalog.once_personal o where o.relation = first_privacy.relation;
        if found then
            raise exception 'table % was a personal layer, so its privacy must be given', relation
                using errcode = 'invalid_parameter_value', hint = 'add privacy => ''personal'', or privacy => ''public'' if it no longer contains personal data';
        end if;
    end if;
    return 'public';
end
$$;

comment on function catalog.first_privacy(regclass) is '默认隐私级别 | Default privacy of a table';

-- catalog.withdraw: removes a layer from the catalogue and revokes its table from the public
-- role. The table and its journal stay. To make a personal layer public, withdraw it first.
create or replace function catalog.withdraw(layer_name text) returns void
language plpgsql set search_path = pg_catalog, public, pg_temp as $$
begin
    delete from catalog.layer where name = layer_name;
    if not found then
        raise exception 'no layer "%" in the catalogue', layer_name using errcode = 'no_data_found';
    end if;
end
$$;

comment on function catalog.withdraw(text) is '撤下图层 | Removes a layer from the catalogue; its table stays';

-- catalog.keep_private: makes columns of a public layer private: only the owner of the
-- ledger sees them, and they are in no tile, grant or history. make_public undoes it.
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

comment on function catalog.keep_private(text, text[]) is '字段不公开 | Makes columns private';

-- catalog.make_public: makes private columns public. Former values stay private.
-- catalog.show adds the columns to tiles.
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

comment on function catalog.make_public(text, text[]) is '字段公开 | Makes private columns public';

-- catalog.guard_layer: trigger function of catalog.layer. Tables of schema personal are
-- never public, and an update cannot make a personal layer public.
create or replace function catalog.guard_layer() returns trigger
language plpgsql set search_path = pg_catalog, public, pg_temp as $$
begin
    if new.privacy = 'public' and (select relnamespace::regnamespace::text from pg_class where oid = new.relation) = 'personal' then
        raise exception 'table % is in schema personal, whose tables are never public', new.relation
            using errcode = 'invalid_parameter_value', hint = 'publish it with privacy => ''personal'', or omit privacy';
    end if;
    if tg_op = 'INSERT' then
        return new;
    end if;
    if old.privacy = 'personal' and new.privacy = 'public' then
        raise exception 'layer "%" is personal and cannot become public in one step', new.name
            using errcode = 'invalid_parameter_value',
            hint = format('if it no longer contains personal data: select catalog.withdraw(%L), then publish the table with privacy => ''public''', new.name);
    end if;
    if old.relation <> new.relation or old.privacy <> new.privacy then
        new.published_at := clock_timestamp();
    end if;
    return new;
end
$$;

comment on function catalog.guard_layer() is '图层隐私检查 | Keeps personal tables from becoming public';

-- catalog.regrant_layer: trigger function of catalog.layer: keeps grants in step with it.
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

comment on function catalog.regrant_layer() is '同步图层授权 | Keeps grants in step with the catalogue';

-- catalog.guard_field: trigger function of catalog.field: the history of a column that
-- becomes public begins at that time.
create or replace function catalog.guard_field() returns trigger
language plpgsql set search_path = pg_catalog, public, pg_temp as $$
begin
    if new.privacy = 'personal' and new.min_zoom is not null then
        raise exception 'field "%" of layer "%" is private and cannot be in tiles', new.name, new.layer
            using errcode = 'invalid_parameter_value', hint = format('select catalog.make_public(%L, array[%L])', new.layer, new.name);
    end if;
    if tg_op = 'UPDATE' and old.privacy <> new.privacy then
        new.public_since := clock_timestamp();
    end if;
    return new;
end
$$;

comment on function catalog.guard_field() is '字段隐私检查 | Keeps private columns out of tiles';

-- catalog.regrant_field: trigger function of catalog.field: keeps grants in step with it.
create or replace function catalog.regrant_field() returns trigger
language plpgsql set search_path = pg_catalog, public, pg_temp as $$
begin
    perform catalog.grant_layer(new.layer);
    return null;
end
$$;

comment on function catalog.regrant_field() is '同步字段授权 | Keeps grants in step with the catalogue';
