-- serving_reader: records the login with which servers ask on behalf of others.   $1 login
update catalog.person_limit set reader = $1 where reader <> $1
