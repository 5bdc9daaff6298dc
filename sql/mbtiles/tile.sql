-- tile: a tile, compressed.   ?1 zoom  ?2 column  ?3 row from the south   returns: tile_data
select tile_data from tiles where zoom_level = ? and tile_column = ? and tile_row = ?
