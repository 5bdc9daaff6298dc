-- finish: makes tiles quick to find.
create unique index map_index on map (zoom_level, tile_column, tile_row)
