-- metadata: a fact about the archive.   ?1 name  ?2 value
insert into metadata values (?, ?)
