-- address: stores where a content is shown.   ?1 zoom  ?2 column  ?3 row from the south  ?4 its name
insert into map values (?, ?, ?, ?)
