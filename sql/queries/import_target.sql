-- import_target: what the import of a layer needs to know of its table.
-- $1 relation (text)   returns one row a column that a file may fill, in order:
-- name, type as written in a declaration, bounds of an integer type (0, 0: those of int8),
-- length limit in characters (0: none)
select a.attname::text, format_type(a.atttypid, a.atttypmod),
    case a.atttypid when 'int2'::regtype then -32768 when 'int4'::regtype then -2147483648 else 0 end::int8,
    case a.atttypid when 'int2'::regtype then 32767 when 'int4'::regtype then 2147483647 else 0 end::int8,
    case when a.atttypid in ('varchar'::regtype, 'bpchar'::regtype) and a.atttypmod > 4 then a.atttypmod - 4 else 0 end::int4
from pg_attribute a
where a.attrelid = $1::regclass and a.attnum > 0 and not a.attisdropped
    and a.attidentity = '' and a.attgenerated = ''
order by a.attnum
