-- image: stores the content of a tile.   ?1 its name  ?2 content compressed with gzip
insert into images values (?, ?)
