-- journal.record_load: writes the entry of a layer filled while its trigger was disabled.
create or replace function journal.record_load(layer_name text) returns void
language plpgsql security definer set search_path = pg_catalog, public, pg_temp as $$
declare
    described record;
    touched bigint[];
begin
    select relation, id_column into strict described from catalog.layer where name = layer_name;
    execute format('select array_agg(%I) from %s', described.id_column, described.relation) into touched;
    if touched is null then
        return;
    end if;
    insert into journal.entry (layer, op, actor, batch, ids)
    values (layer_name, 'insert',
        coalesce(nullif(current_setting('yizhan.actor', true), ''), session_user::text),
        nullif(current_setting('yizhan.batch', true), '')::bigint,
        touched);
    perform pg_notify('yizhan', '');
end
$$;

revoke execute on function journal.record_load(text) from public;
comment on function journal.record_load(text) is '记录整层导入 | Writes the journal entry of a filled layer';
