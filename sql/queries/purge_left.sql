-- purge_left: how many rows a layer's table has still that a purge of former rows left.
-- {layer} and {key} stand for the table and its key.   $1 key
select count(*) from {layer} where {key}::text = $1
