-- image: the content of a tile.   ?1 its name  ?2 packed with gzip
insert into images values (?, ?)
