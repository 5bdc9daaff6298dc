-- has: whether a GeoPackage has a table
-- $1 table
-- returns: 0 or more
select count(*) from sqlite_schema where name = $1 collate nocase
