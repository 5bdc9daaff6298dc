-- journal.past: rows of a public layer that changed after an instant, as they were at
-- that instant: their public columns, or null for a row that did not exist.
-- Former rows contain every column of the table, so this runs as its owner and returns
-- only columns that are public now; values from before the column or the layer became
-- public stay hidden. An undone import, and changes to its rows until the undo, are
-- treated as if they had not happened.
create or replace function journal.past(layer_name text, instant timestamptz) returns table (id bigint, image jsonb)
language sql stable security definer set search_path = pg_catalog, public, pg_temp as $$
    with layer as (
        select l.name, greatest(instant, l.published_at) as since, l.id_column::text, l.geom_column::text
        from catalog.layer l
        where l.name = layer_name and l.privacy = 'public'
    ), shown as (
        select l.name, l.since,
            array_agg(f.name::text) filter (where f.public_since <= l.since) || l.id_column || l.geom_column as columns,
            array_agg(f.name::text) filter (where f.public_since > l.since) as later
        from layer l
        left join catalog.field f on f.layer = l.name and f.privacy = 'public' and f.min_zoom is not null
        group by l.name, l.since, l.id_column, l.geom_column
    ), void as materialized (
        select t.id, min(e.seq) as first, b.finished_at as until
        from journal.undone() u
        join journal.batch b on b.id = u.undone_by and b.layer = layer_name
        join journal.entry e on e.batch = u.batch and e.layer = layer_name
        cross join unnest(e.ids) as t(id)
        where b.finished_at > instant
        group by t.id, b.finished_at
    ), earliest as (
        select distinct on (t.id) t.id, e.seq, e.at
        from shown s
        join journal.entry e on e.layer = s.name and e.at > s.since
        cross join unnest(e.ids) as t(id)
        where not exists (select from void v where v.id = t.id and e.seq >= v.first and e.at <= v.until)
        order by t.id, e.seq
    )
    select e.id, (
        select jsonb_object_agg(k.key, k.value) from jsonb_each(b.image) k
        where k.key = any (s.columns) or k.key = any (s.later) and exists (
            select from catalog.field f where f.layer = s.name and f.name = k.key and f.public_since <= e.at))
    from earliest e cross join shown s
    left join journal.before b on b.entry = e.seq and b.id = e.id
$$;

revoke execute on function journal.past(text, timestamptz) from public;
grant execute on function journal.past(text, timestamptz) to yizhan_public;
comment on function journal.past(text, timestamptz) is '过去的行 | Rows of a public layer as they were at an instant';

-- journal.begins: start of the history of a public layer: its first entry, or the time
-- when it became public; null if it has none.
create or replace function journal.begins(layer_name text) returns timestamptz
language sql stable security definer set search_path = pg_catalog, public, pg_temp as $$
    select greatest(e.at, l.published_at) from journal.entry e join catalog.layer l on l.name = e.layer
    where e.layer = layer_name and e.op not in ('purge', 'undo') and l.privacy = 'public'
    order by e.seq limit 1
$$;

revoke execute on function journal.begins(text) from public;
grant execute on function journal.begins(text) to yizhan_public;
comment on function journal.begins(text) is '记录起点 | Start of the history of a public layer';
