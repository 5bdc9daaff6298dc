-- virtual: definitions in an SQLite database that may be of virtual tables
-- returns: name, definition
select name, sql
from sqlite_master
where sql like '%virtual%table%using%'
limit 10000
