-- checkpoint: how far it is.   ?1 the id of the first tile that is still to be added
update unfinished set next = ?
