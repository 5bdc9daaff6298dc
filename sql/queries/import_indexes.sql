-- import_indexes: the indexes of a table that may be rebuilt after a load into it
-- while it is empty: no constraint owns them, and no one has said anything of them
-- that a new index would not know.
-- $1 relation (text)   returns schema, name and definition
select n.nspname::text, c.relname::text, pg_get_indexdef(i.indexrelid)
from pg_index i
join pg_class c on c.oid = i.indexrelid
join pg_namespace n on n.oid = c.relnamespace
where i.indrelid = $1::regclass and not i.indisprimary and not i.indisreplident and not i.indisclustered
    and obj_description(c.oid, 'pg_class') is null
    and not exists (select from pg_constraint k where k.conindid = i.indexrelid)
    and not exists (select from pg_attribute a where a.attrelid = c.oid and a.attstattarget > 0)
order by c.relname
