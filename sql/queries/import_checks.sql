-- import_checks: the table's own rules, as expressions over its columns.
-- $1 relation (text)   $2 columns that are staged (text[])
-- returns name and expression of each check constraint over no other columns
select c.conname::text, pg_get_expr(c.conbin, c.conrelid)
from pg_constraint c
where c.conrelid = $1::regclass and c.contype = 'c'
    and not exists (
        select from unnest(c.conkey) as k(attnum)
        join pg_attribute a on a.attrelid = c.conrelid and a.attnum = k.attnum
        where a.attname <> all ($2))
order by c.conname
