-- preview_moved: rows whose geometry would change. See preview_new for what stands for what.
-- returns: rows, west, south, east, north of where they would be
select count(*), st_xmin(st_extent(staged.{geom})), st_ymin(st_extent(staged.{geom})), st_xmax(st_extent(staged.{geom})), st_ymax(st_extent(staged.{geom}))
from {typed_rows}
where yizhan_pos in (select pos from yizhan_changes where metres is not null)
