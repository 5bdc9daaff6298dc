-- serving_reader: as whom the servers ask for others.   $1 login
update catalog.person_limit set reader = $1 where reader <> $1
