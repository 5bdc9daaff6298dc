-- contents: the names of the stored contents.   returns: tile_id
select tile_id from images
