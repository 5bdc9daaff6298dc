-- finish: indexes the tiles and marks the archive as complete.
create unique index map_index on map (zoom_level, tile_column, tile_row);
drop table unfinished;
