-- preview_relation: the number of a table, which another of its name does not have.   $1 relation (text)
select $1::regclass::oid::int8
