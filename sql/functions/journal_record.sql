-- journal.record: trigger function of every layer table. Each statement writes one entry
-- with the ids it touched, and their former rows.
-- Runs as its owner, so that writers of a layer need no right on the journal.
create or replace function journal.record() returns trigger
language plpgsql security definer set search_path = pg_catalog, public, pg_temp as $$
declare
    described record;
    touched bigint[];
    written bigint;
    columns text;
    old_source text;
begin
    select name, id_column into described from catalog.layer where relation = tg_relid;
    if not found then
        return null;
    end if;

    execute case tg_op
        when 'INSERT' then format('select array_agg(%I) from new_rows', described.id_column)
        when 'DELETE' then format('select array_agg(%I) from old_rows', described.id_column)
        when 'UPDATE' then format(
            'select array_agg(id) from (select %1$I as id from old_rows union select %1$I from new_rows) as both_rows',
            described.id_column)
        else format('select array_agg(%I) from %s', described.id_column, tg_relid::regclass)
    end into touched;
    if touched is null then
        return null;
    end if;

    insert into journal.entry (layer, op, actor, batch, ids)
    values (
        described.name, lower(tg_op),
        coalesce(nullif(current_setting('yizhan.actor', true), ''), session_user::text),
        nullif(current_setting('yizhan.batch', true), '')::bigint,
        touched)
    returning seq into written;

    if tg_op <> 'INSERT' then
        old_source := case when tg_op = 'TRUNCATE' then tg_relid::regclass::text else 'old_rows' end;
        select string_agg(
            format(case when t.typname in ('geometry', 'geography') then 'o.%1$I::text as %1$I' else 'o.%1$I' end, a.attname),
            ', ' order by a.attnum)
        into columns
        from pg_attribute a join pg_type t on t.oid = a.atttypid
        where a.attrelid = tg_relid and a.attnum > 0 and not a.attisdropped;
        execute format(
            'insert into journal.before (entry, id, image)
             select $1, o.%1$I, (select to_jsonb(r.*) from (select %2$s) as r) from %3$s as o',
            described.id_column, columns, old_source) using written;
    end if;

    perform pg_notify('yizhan', '');
    return null;
end
$$;

revoke execute on function journal.record() from public;
comment on function journal.record() is '记录变更 | Writes the journal entry of one statement';

-- journal.record_catalog: trigger function of the catalogue: announces new, changed and
-- withdrawn layers to all servers.
create or replace function journal.record_catalog() returns trigger
language plpgsql security definer set search_path = pg_catalog, public, pg_temp as $$
begin
    insert into journal.entry (op, actor)
    values ('catalog', coalesce(nullif(current_setting('yizhan.actor', true), ''), session_user::text));
    perform pg_notify('yizhan', '');
    return null;
end
$$;

revoke execute on function journal.record_catalog() from public;
comment on function journal.record_catalog() is '记录目录变更 | Announces a change of the catalogue';

-- journal.attach: adds the journal's triggers to a table, or replaces them.
create or replace function journal.attach(relation regclass) returns void
language plpgsql set search_path = pg_catalog, public, pg_temp as $$
begin
    execute format('create or replace trigger yizhan_insert after insert on %s
        referencing new table as new_rows for each statement execute function journal.record()', relation);
    execute format('create or replace trigger yizhan_update after update on %s
        referencing old table as old_rows new table as new_rows for each statement execute function journal.record()', relation);
    execute format('create or replace trigger yizhan_delete after delete on %s
        referencing old table as old_rows for each statement execute function journal.record()', relation);
    execute format('create or replace trigger yizhan_truncate before truncate on %s
        for each statement execute function journal.record()', relation);
end
$$;

comment on function journal.attach(regclass) is '挂接日志 | Adds the journal''s triggers to a layer table';
