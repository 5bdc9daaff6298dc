-- import_checks: the table's own rules, as expressions over its columns.
-- $1 relation (text)   returns name and expression of each check constraint
select conname::text, pg_get_expr(conbin, conrelid)
from pg_constraint where conrelid = $1::regclass and contype = 'c'
order by conname
