-- preview_gone_rows: rows that replacing would take out of a layer without a key.
-- See import_delete_rows.   returns: rows, west, south, east, north
select count(*), st_xmin(st_extent(target.{geom})), st_ymin(st_extent(target.{geom})), st_xmax(st_extent(target.{geom})), st_ymax(st_extent(target.{geom}))
from {layer} as target
where md5(row({mine})::text) not in (select md5(row({fresh})::text) from {typed_rows})
