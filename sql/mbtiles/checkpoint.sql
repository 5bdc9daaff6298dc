-- checkpoint: records the progress.   ?1 id of the next tile to add
update unfinished set next = ?
