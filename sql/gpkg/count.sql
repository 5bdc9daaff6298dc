-- count: how many rows a table has
-- {table} quoted
-- returns: the number
select count(*) from {table}
