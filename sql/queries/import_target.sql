-- import_target: what the import of a layer needs to know of its table.
-- $1 relation (text)   returns one row a column that a file may fill, in order: name,
-- type as written in a declaration, base type, bounds of an integer type (0, 0: those of
-- int8), bound of absolute values (0: none), length limit in characters (0: none), the
-- values of an enumeration, whether null is refused, and the default as an expression
select a.attname::text, format_type(a.atttypid, a.atttypmod), t.typname::text,
    case t.typname when 'int2' then -32768 when 'int4' then -2147483648 else 0 end::int8,
    case t.typname when 'int2' then 32767 when 'int4' then 2147483647 else 0 end::int8,
    case
        when t.typname = 'float4' then 3.4028235e38
        when t.typname = 'numeric' and a.atttypmod > 4 -- precision and scale, packed
        then 10 ^ ((((a.atttypmod - 4) >> 16) & 65535) - ((a.atttypmod - 4) & 2047))
        else 0
    end::float8,
    case when t.typname in ('varchar', 'bpchar') and a.atttypmod > 4 then a.atttypmod - 4 else 0 end::int4,
    array(select e.enumlabel::text from pg_enum e where e.enumtypid = a.atttypid order by e.enumsortorder),
    a.attnotnull, coalesce(pg_get_expr(d.adbin, d.adrelid), '')
from pg_attribute a
join pg_type t on t.oid = a.atttypid
left join pg_attrdef d on d.adrelid = a.attrelid and d.adnum = a.attnum
where a.attrelid = $1::regclass and a.attnum > 0 and not a.attisdropped
    and a.attidentity = '' and a.attgenerated = ''
order by a.attnum
