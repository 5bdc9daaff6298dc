-- preview_new: rows that the layer would get. city.layer, key_column, geom_column
-- and typed_rows stand for the table, its columns and the staged rows.
-- returns: rows, west, south, east, north
select count(*), st_xmin(st_extent(staged.geom_column)), st_ymin(st_extent(staged.geom_column)), st_xmax(st_extent(staged.geom_column)), st_ymax(st_extent(staged.geom_column))
from typed_rows
where not exists (select from city.layer as target where target.key_column = staged.key_column)
