-- preview_all_rows: all staged rows, which would be added. returns: rows, west, south, east, north
select count(*), st_xmin(st_extent(staged.geom_column)), st_ymin(st_extent(staged.geom_column)), st_xmax(st_extent(staged.geom_column)), st_ymax(st_extent(staged.geom_column))
from typed_rows
