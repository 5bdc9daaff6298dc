-- catalog.untrusted: objects of other owners that would run with the ledger's rights when
-- a table is written: the table itself, functions of its triggers, functions and
-- operators of its rules, constraints, defaults, indexes, policies and domains, and types
-- of its columns. Roles that may become the ledger's owner, such as superusers, and
-- extensions are trusted.
create or replace function catalog.untrusted(relation regclass) returns table (what text, remedy text)
language sql stable set search_path = pg_catalog, public, pg_temp as $$
    with recursive ledger as (
        select nspowner as owner from pg_namespace where nspname = 'catalog'
    ), tables(oid) as (
        select untrusted.relation::oid
        union select i.inhrelid from tables t join pg_inherits i on i.inhparent = t.oid
    ), types(oid) as (
        select a.atttypid from tables t join pg_attribute a on a.attrelid = t.oid and a.attnum > 0 and not a.attisdropped
        union
        select part.oid
        from types t join pg_type y on y.oid = t.oid
        cross join lateral (
            select y.typelem where y.typelem <> 0
            union all select y.typbasetype where y.typbasetype <> 0
            union all select r.rngsubtype from pg_range r where r.rngtypid = y.oid
            union all select a.atttypid from pg_attribute a where a.attrelid = y.typrelid and a.attnum > 0 and not a.attisdropped
        ) as part(oid)
    ), parts(class, oid) as (
        select 'pg_class'::regclass::oid, i.indexrelid from tables t join pg_index i on i.indrelid = t.oid
        union all select 'pg_attrdef'::regclass, d.oid from tables t join pg_attrdef d on d.adrelid = t.oid
        union all select 'pg_constraint'::regclass, c.oid from tables t join pg_constraint c on c.conrelid = t.oid
        union all select 'pg_constraint'::regclass, c.oid from types t join pg_constraint c on c.contypid = t.oid
        union all select 'pg_trigger'::regclass, g.oid from tables t join pg_trigger g on g.tgrelid = t.oid and not g.tgisinternal
        union all select 'pg_rewrite'::regclass, r.oid from tables t join pg_rewrite r on r.ev_class = t.oid
        union all select 'pg_policy'::regclass, p.oid from tables t join pg_policy p on p.polrelid = t.oid
    ), used(class, oid) as (
        select d.refclassid, d.refobjid from parts p join pg_depend d on d.classid = p.class and d.objid = p.oid
        where d.refclassid in ('pg_proc'::regclass, 'pg_operator'::regclass)
        union select 'pg_type'::regclass, oid from types
        union select 'pg_class'::regclass, oid from tables
    ), owned as (
        select u.class, u.oid, coalesce(c.relowner, p.proowner, o.oprowner, t.typowner) as owner,
            case u.class
                when 'pg_class'::regclass then format('table %s', u.oid::regclass)
                when 'pg_proc'::regclass then format('function %s', u.oid::regprocedure)
                when 'pg_operator'::regclass then format('operator %s', u.oid::regoperator)
                else format('type %s', u.oid::regtype)
            end as name
        from used u
        left join pg_class c on u.class = 'pg_class'::regclass and c.oid = u.oid
        left join pg_proc p on u.class = 'pg_proc'::regclass and p.oid = u.oid
        left join pg_operator o on u.class = 'pg_operator'::regclass and o.oid = u.oid
        left join pg_type t on u.class = 'pg_type'::regclass and t.oid = u.oid
    )
    select format('%s belongs to %s', o.name, o.owner::regrole), format('alter %s owner to %s', o.name, ledger.owner::regrole)
    from owned o, ledger
    where o.owner is not null and not pg_has_role(o.owner, ledger.owner, 'member')
        and not exists (select from pg_depend e where e.classid = o.class and e.objid = o.oid and e.deptype = 'e')
    order by o.class = 'pg_class'::regclass desc, o.name
$$;

comment on function catalog.untrusted(regclass) is '不可信对象 | Objects of other owners that would run with the ledger''s rights';

-- catalog.refuse_untrusted: raises an error if writing a table would run objects of other owners.
create or replace function catalog.refuse_untrusted(relation regclass) returns void
language plpgsql stable set search_path = pg_catalog, public, pg_temp as $$
declare
    first record;
begin
    select * into first from catalog.untrusted(relation) limit 1;
    if found then
        raise exception 'table % cannot be a layer: %, and it would run with the ledger''s rights', relation, first.what
            using errcode = 'insufficient_privilege', hint = first.remedy;
    end if;
end
$$;

comment on function catalog.refuse_untrusted(regclass) is '拒绝不可信的表 | Refuses a table with untrusted objects';
