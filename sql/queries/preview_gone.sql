-- preview_gone: rows that replacing would take out. See import_delete.
-- $1 keys of rejected features (text)   returns: rows, west, south, east, north
select count(*), st_xmin(st_extent(target.{geom})), st_ymin(st_extent(target.{geom})), st_xmax(st_extent(target.{geom})), st_ymax(st_extent(target.{geom}))
from {layer} as target
where not exists (select from {typed_rows} where staged.{key} = target.{key})
    and not coalesce(target.{key} = any ($1::text[]::{key_type}[]), false)
