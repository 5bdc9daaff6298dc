-- metadata: stores a metadata entry of the archive.   ?1 name  ?2 value
insert into metadata values (?, ?)
