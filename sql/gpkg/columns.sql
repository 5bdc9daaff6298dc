-- columns: the columns of a table
-- $1 table
-- returns: name, declared type, place in the primary key (0: not in it)
select name, type, pk from pragma_table_info($1) order by cid
