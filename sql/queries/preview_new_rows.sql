-- preview_new_rows: rows that a layer without a key would get. See import_insert_new.
-- returns: rows, west, south, east, north
select count(*), st_xmin(st_extent(geom)), st_ymin(st_extent(geom)), st_xmax(st_extent(geom)), st_ymax(st_extent(geom))
from (
    select distinct on (digest) geom
    from (select md5(row({fresh})::text) as digest, staged.{geom} as geom from {typed_rows}) as given
    where digest not in (select md5(row({mine})::text) from {layer} as target)) as new_rows
