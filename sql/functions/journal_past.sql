-- journal.past: the rows of a public layer that were touched after an instant, as
-- they were at it: their published columns, null for a row that was not there.
-- Former rows hold every column of the table, so this runs as its owner and hands
-- out no other.
create or replace function journal.past(layer_name text, instant timestamptz) returns table (id bigint, image jsonb)
language sql stable security definer set search_path = pg_catalog, public, pg_temp as $$
    with shown as (
        select l.name, array(
            select f.name::text from catalog.field f where f.layer = l.name and f.min_zoom is not null
            union select l.id_column::text union select l.geom_column::text) as columns
        from catalog.layer l
        where l.name = layer_name and l.privacy = 'public'
    ), earliest as (
        select distinct on (t.id) t.id, e.seq
        from shown s
        join journal.entry e on e.layer = s.name and e.at > instant
        cross join unnest(e.ids) as t(id)
        order by t.id, e.seq
    )
    select e.id, (select jsonb_object_agg(k.key, k.value) from jsonb_each(b.image) k where k.key = any (s.columns))
    from earliest e cross join shown s
    left join journal.before b on b.entry = e.seq and b.id = e.id
$$;

revoke execute on function journal.past(text, timestamptz) from public;
grant execute on function journal.past(text, timestamptz) to yizhan_public;
comment on function journal.past(text, timestamptz) is '过去的行 | Rows of a public layer as they were at an instant';

-- journal.begins: since when the journal knows a public layer, null for never.
create or replace function journal.begins(layer_name text) returns timestamptz
language sql stable security definer set search_path = pg_catalog, public, pg_temp as $$
    select e.at from journal.entry e join catalog.layer l on l.name = e.layer
    where e.layer = layer_name and l.privacy = 'public'
    order by e.seq limit 1
$$;

revoke execute on function journal.begins(text) from public;
grant execute on function journal.begins(text) to yizhan_public;
comment on function journal.begins(text) is '记录起点 | Since when the journal knows a public layer';
