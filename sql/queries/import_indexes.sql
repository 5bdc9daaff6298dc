-- import_indexes: the indexes of a table that may be rebuilt after a load into it
-- while it is empty: neither the primary key's nor any that a constraint owns.
-- $1 relation (text)   returns schema, name and definition
select n.nspname::text, c.relname::text, pg_get_indexdef(i.indexrelid)
from pg_index i
join pg_class c on c.oid = i.indexrelid
join pg_namespace n on n.oid = c.relnamespace
where i.indrelid = $1::regclass and not i.indisprimary
    and not exists (select from pg_constraint k where k.conindid = i.indexrelid)
order by c.relname
