-- finish: makes tiles quick to find, and the file whole.
create unique index map_index on map (zoom_level, tile_column, tile_row);
drop table unfinished;
