-- changed_ground: the boxes of a layer's features that changed after an older snapshot,
-- as they were and as they are; the whole earth where former rows were purged, because
-- nobody knows where they lay.
-- city.layer stands for the table, identifier and geometry for its columns.
-- $1 layer  $2 the older snapshot (text)  $3 name of the geometry's column  $4 how many at most
-- returns: west, south, east, north in degrees
with late as materialized (
    select e.seq, e.ids, e.op from journal.entry e
    where e.layer = $1 and e.xid >= pg_snapshot_xmin($2::pg_snapshot) and not pg_visible_in_snapshot(e.xid, $2::pg_snapshot)
), shapes as (
    select l.geometry as shape from city.layer l where l.identifier in (select unnest(ids) from late)
    union all
    select (b.image ->> $3)::public.geometry from late join journal.before b on b.entry = late.seq
    union all
    select public.st_makeenvelope(-180, -85, 180, 85, 4326) from late where op = 'purge'
)
select st_xmin(shape), st_ymin(shape), st_xmax(shape), st_ymax(shape) from shapes
where shape is not null and not st_isempty(shape)
limit $4
