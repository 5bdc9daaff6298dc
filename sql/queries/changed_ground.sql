-- changed_ground: the boxes of a layer's features that changed after an older snapshot,
-- as they were and as they are; the whole earth where former rows were purged, because
-- nobody knows where they lay.
-- {layer} stands for the table, {id} and {geom} for its columns.
-- $1 layer  $2 the older snapshot (text)  $3 how many at most
-- returns: west, south, east, north in degrees
with late as materialized (
    select ids, op from journal.feed
    where layer = $1 and xid >= pg_snapshot_xmin($2::pg_snapshot) and not pg_visible_in_snapshot(xid, $2::pg_snapshot)
), shapes as (
    select l.{geom} as shape from {layer} l where l.{id} in (select unnest(ids) from late)
    union all
    select st_makeenvelope(-180, -85, 180, 85, 4326) from late where op = 'purge'
)
select st_xmin(shape), st_ymin(shape), st_xmax(shape), st_ymax(shape) from shapes
where shape is not null and not st_isempty(shape)
union all
select west, south, east, north from journal.former_ground($1, $2::pg_snapshot, $3)
limit $3
