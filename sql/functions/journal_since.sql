-- journal.reaches: whether the journal goes back to an older snapshot, that is, the
-- snapshot saw the oldest entry left. It reveals nothing else.
create or replace function journal.reaches(older pg_catalog.pg_snapshot) returns boolean
language sql stable security definer set search_path = pg_catalog, public, pg_temp as $$
    select coalesce((
        select pg_catalog.pg_visible_in_snapshot(e.xid, older) from journal.entry e order by e.seq limit 1), false)
$$;

revoke execute on function journal.reaches(pg_catalog.pg_snapshot) from public;
grant execute on function journal.reaches(pg_catalog.pg_snapshot) to yizhan_public;
comment on function journal.reaches(pg_catalog.pg_snapshot) is '记录可及 | Whether the journal goes back to a snapshot';

-- journal.former_ground: bounding boxes of features of a public layer before they changed
-- after an older snapshot, in degrees and limited in number. Former rows contain every
-- column, so this runs as its owner and returns only the boxes.
create or replace function journal.former_ground(layer_name text, older pg_catalog.pg_snapshot, most integer)
returns table (west double precision, south double precision, east double precision, north double precision)
language sql stable security definer set search_path = pg_catalog, public, pg_temp as $$
    select public.st_xmin(s.shape::public.box3d), public.st_ymin(s.shape::public.box3d),
        public.st_xmax(s.shape::public.box3d), public.st_ymax(s.shape::public.box3d)
    from (
        select pg_catalog.jsonb_extract_path_text(b.image, l.geom_column::text)::public.geometry as shape
        from catalog.layer l
        join journal.entry e on e.layer = l.name
        join journal.before b on b.entry = e.seq
        where l.name = layer_name and l.privacy = 'public'
            and e.xid >= pg_catalog.pg_snapshot_xmin(older) and not pg_catalog.pg_visible_in_snapshot(e.xid, older)
    ) as s
    where s.shape is not null and not public.st_isempty(s.shape)
    limit most
$$;

revoke execute on function journal.former_ground(text, pg_catalog.pg_snapshot, integer) from public;
grant execute on function journal.former_ground(text, pg_catalog.pg_snapshot, integer) to yizhan_public;
comment on function journal.former_ground(text, pg_catalog.pg_snapshot, integer)
    is '变更前的范围 | Former bounding boxes of changed features';
