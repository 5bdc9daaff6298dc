-- preview_new: rows that the layer would get. {layer}, {key}, {geom}
-- and {typed_rows} stand for the table, its columns and the staged rows.
-- returns: rows, west, south, east, north
select count(*), st_xmin(st_extent(staged.{geom})), st_ymin(st_extent(staged.{geom})), st_xmax(st_extent(staged.{geom})), st_ymax(st_extent(staged.{geom}))
from {typed_rows}
where not exists (select from {layer} as target where target.{key} = staged.{key})
