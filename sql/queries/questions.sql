-- questions: the functions of schema ask, one row each, as they are published.
-- $1 name, or null for all   Of several overloads the oldest is published.
-- Functions with unnamed result columns and trigger functions cannot be asked.
-- returns: name, comment, parameters and columns (jsonb arrays, in order), whether it
-- belongs to the ledger and runs as its owner: such questions about persons are audited
with published as (
    select distinct on (p.proname) p.*
    from pg_proc p
    where p.pronamespace = 'ask'::regnamespace and p.prokind = 'f'
        and has_function_privilege('yizhan_public', p.oid, 'execute')
        and ($1::text is null or p.proname = $1)
        and (p.prorettype <> 'record'::regtype or p.proargmodes is not null)
        and not exists (select from pg_type t
            where t.oid = any (p.proargtypes::oid[] || p.prorettype) and t.typtype = 'p' and t.typname not in ('record', 'void'))
    order by p.proname, p.oid
), argument as (
    select p.oid, a.place, a.name, format_type(a.type, null) as type,
        coalesce(p.proargmodes[a.place], 'i') as mode,
        row_number() over (partition by p.oid, coalesce(p.proargmodes[a.place], 'i') in ('i', 'b', 'v') order by a.place) as rank
    from published p,
        unnest(coalesce(p.proallargtypes, p.proargtypes::oid[]), p.proargnames) with ordinality as a(type, name, place)
), composite as (
    select p.oid, a.attnum as place, a.attname as name, format_type(a.atttypid, null) as type
    from published p
    join pg_type t on t.oid = p.prorettype and t.typtype = 'c'
    join pg_attribute a on a.attrelid = t.typrelid and a.attnum > 0 and not a.attisdropped
)
select p.proname::text as name, coalesce(obj_description(p.oid, 'pg_proc'), '') as comment,
    coalesce((select jsonb_agg(jsonb_build_object(
            'name', a.name, 'type', a.type,
            'required', a.rank <= p.pronargs - p.pronargdefaults,
            'default', pg_get_function_arg_default(p.oid, a.place::int)) order by a.place)
        from argument a where a.oid = p.oid and a.mode in ('i', 'b', 'v')), '[]') as parameters,
    coalesce(
        (select jsonb_agg(jsonb_build_object('name', a.name, 'type', a.type) order by a.place)
            from argument a where a.oid = p.oid and a.mode in ('o', 'b', 't')),
        (select jsonb_agg(jsonb_build_object('name', c.name, 'type', c.type) order by c.place) from composite c where c.oid = p.oid),
        jsonb_build_array(jsonb_build_object('name', p.proname, 'type', format_type(p.prorettype, null)))) as columns,
    p.prosecdef and p.proowner = (select n.nspowner from pg_namespace n where n.oid = p.pronamespace) as audited
from published p
order by p.proname
