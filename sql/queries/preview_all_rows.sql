-- preview_all_rows: all staged rows, which would be added. returns: rows, west, south, east, north
select count(*), st_xmin(st_extent(staged.{geom})), st_ymin(st_extent(staged.{geom})), st_xmax(st_extent(staged.{geom})), st_ymax(st_extent(staged.{geom}))
from {typed_rows}
