-- contents: the names of the contents that are there.   returns: tile_id
select tile_id from images
