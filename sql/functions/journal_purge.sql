-- journal.purge: removes values that the ledger keeps besides the present rows of a layer:
-- former rows, pending previews, and rows in reports of imports. Purges the whole layer,
-- one key, one column, or deleted rows whose expires_at has passed. A purged former row
-- stays as an empty one, so that an undo knows what it cannot restore. Servers drop tiles
-- and pasts. The purge is recorded without any value.
create or replace function journal.purge(
    layer_name text, key_value text default null, column_name text default null, expired boolean default false, actor text default null)
returns table (purge_id bigint, former_rows bigint, previews bigint, reports bigint)
language plpgsql set search_path = pg_catalog, public, pg_temp as $$
#variable_conflict use_column
declare
    l catalog.layer;
    touched bigint[];
    by_whom text := coalesce(nullif(actor, ''), session_user);
    one record;
begin
    if (key_value is not null)::int + (column_name is not null)::int + coalesce(expired, false)::int > 1 then
        raise exception 'give only one of key, column and expired' using errcode = 'invalid_parameter_value';
    end if;
    select * into l from catalog.layer c where c.name = layer_name and exists (select from pg_class where oid = c.relation);
    if l.name is not null then
        execute format('lock table %s in share row exclusive mode', l.relation);
    elsif not exists (select from journal.entry e where e.layer = layer_name) then
        raise exception 'layer "%" not found, neither in the catalogue nor in the journal', layer_name using errcode = 'no_data_found';
    end if;
    if key_value is not null then
        if l.key_column is null then
            raise exception 'layer "%" has no key', layer_name using errcode = 'invalid_parameter_value';
        end if;
        execute format('select array(
                select b.id from journal.entry e join journal.before b on b.entry = e.seq where e.layer = $1 and b.image ->> $2 = $3
                union select %I from %s where %I::text = $3)', l.id_column, l.relation, l.key_column)
        into touched using l.name, l.key_column, key_value;
    elsif expired then
        touched := journal.expired_rows(layer_name);
        if touched = '{}' then
            return query select null::bigint, 0::bigint, 0::bigint, 0::bigint;
            return;
        end if;
    end if;

    insert into journal.purged (layer, actor, scope, field)
    values (layer_name, by_whom, case when key_value is not null then 'key' when column_name is not null then 'column'
        when expired then 'expired' else 'layer' end, column_name)
    returning id into purge_id;
    update journal.before b set purged = purge_id, image = case when column_name is null then '{}' else b.image - column_name end
    from journal.entry e
    where e.layer = layer_name and b.entry = e.seq and b.image <> '{}'
        and (touched is null or b.id = any (touched)) and (column_name is null or b.image ? column_name);
    get diagnostics former_rows = row_count;

    previews := 0;
    for one in select i.id from journal.import i where i.layer = layer_name and i.state = 'preview' for update loop
        execute format('drop table if exists staging.%I', 'import_' || one.id);
        update journal.import i set state = 'discarded', settings = '{}', changed_at = clock_timestamp() where i.id = one.id;
        previews := previews + 1;
    end loop;
    update journal.import i set preview = i.preview - array['rejections', 'repairs', 'sample', 'changes', 'warnings']
    where i.layer = layer_name and i.preview ?| array['rejections', 'repairs', 'sample', 'changes', 'warnings'];
    get diagnostics reports = row_count;

    update journal.purged p set former_rows = purge.former_rows, previews = purge.previews, reports = purge.reports where p.id = purge_id;
    insert into journal.entry (layer, op, actor) values (layer_name, 'purge', by_whom);
    perform pg_notify('yizhan', '');
    return next;
end
$$;

comment on function journal.purge(text, text, text, boolean, text) is '清除留存 | Removes values kept besides the present rows';

-- journal.expired_rows: ids of deleted rows of a layer that had expired and whose former
-- rows are still in the journal.
create or replace function journal.expired_rows(layer_name text) returns bigint[]
language plpgsql stable set search_path = pg_catalog, public, pg_temp as $$
declare
    l catalog.layer;
    found_rows bigint[];
begin
    select * into l from catalog.layer c where c.name = layer_name and exists (
        select from pg_attribute a where a.attrelid = c.relation and a.attname = 'expires_at' and not a.attisdropped);
    if l.name is null then
        raise exception 'layer "%" has no column expires_at', layer_name using errcode = 'invalid_parameter_value';
    end if;
    execute format('select coalesce(array_agg(last.id), ''{}'') from (
            select distinct on (b.id) b.id, b.image from journal.entry e join journal.before b on b.entry = e.seq
            where e.layer = $1 and b.image <> ''{}'' order by b.id, b.entry desc) as last
        where (last.image ->> ''expires_at'')::timestamptz < catalog.today() and not exists (select from %s as t where t.%I = last.id)',
        l.relation, l.id_column) into found_rows using l.name;
    return found_rows;
end
$$;

comment on function journal.expired_rows(text) is '过期记录 | Deleted rows that had expired';

-- journal.expire: deletes rows of personal layers after their expires_at, the last day of
-- their retention, and purges their former rows. A second call at the same time does
-- nothing.
create or replace function journal.expire(actor text default null) returns table (layer text, deleted bigint, former_rows bigint)
language plpgsql set search_path = pg_catalog, public, pg_temp as $$
#variable_conflict use_column
declare
    l catalog.layer;
begin
    if not pg_try_advisory_xact_lock(hashtext('yizhan expire')) then
        return;
    end if;
    perform set_config('yizhan.actor', coalesce(nullif(actor, ''), session_user), true);
    for l in
        select c.* from catalog.layer c join pg_attribute a on a.attrelid = c.relation and a.attname = 'expires_at' and not a.attisdropped
        where c.privacy = 'personal' and a.atttypid in ('date'::regtype, 'timestamp'::regtype, 'timestamptz'::regtype)
        order by c.name
    loop
        execute format('lock table %s in share row exclusive mode', l.relation);
        perform catalog.refuse_untrusted(l.relation);
        execute format('delete from %s where expires_at < catalog.today()', l.relation);
        get diagnostics deleted = row_count;
        layer := l.name;
        former_rows := (select p.former_rows from journal.purge(l.name, expired => true, actor => expire.actor) p);
        if deleted > 0 or former_rows > 0 then
            return next;
        end if;
    end loop;
end
$$;

comment on function journal.expire(text) is '到期删除 | Deletes persons after their retention, and purges their former rows';
revoke execute on function journal.purge(text, text, text, boolean, text), journal.expired_rows(text), journal.expire(text) from public;
