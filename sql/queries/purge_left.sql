-- purge_left: how many rows a layer's table has still that a purge of former rows left.
-- city.layer and key_column stand for the table and its key.   $1 key
select count(*) from city.layer where key_column::text = $1
