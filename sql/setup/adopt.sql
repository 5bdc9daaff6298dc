-- adopt: makes the role that created the cluster its administrator, {admin}, and transfers
-- its objects in this database to a new, ordinary role {owner}, in one transaction.
-- Run as {helper}, connected to the ledger.
do $adopt$
declare
    made oid := 10; -- the role that initdb created (src/include/catalog/pg_authid.dat)
    each record;
begin
    if exists (select from pg_roles where oid = made and '"' || rolname || '"' = '{owner}') then
        alter role {owner} rename to {admin};
        create role {owner} login;
    end if;
    for each in
        select format('alter schema %I owner to {owner}', nspname) as statement, 0 as place
        from pg_namespace where nspowner = made and oid >= 16384
        union all
        select format('alter %s %s owner to {owner}', case relkind when 'v' then 'view' when 'm' then 'materialized view'
            when 'S' then 'sequence' when 'f' then 'foreign table' else 'table' end, c.oid::regclass), 1
        from pg_class c
        where relowner = made and c.oid >= 16384 and relkind in ('r', 'p', 'v', 'm', 'S', 'f')
            and not exists (select from pg_depend d where d.objid = c.oid and d.classid = 'pg_class'::regclass and d.deptype in ('e', 'a', 'i'))
        union all
        select format('alter routine %s owner to {owner}', p.oid::regprocedure), 2
        from pg_proc p
        where proowner = made and p.oid >= 16384
            and not exists (select from pg_depend d where d.objid = p.oid and d.classid = 'pg_proc'::regclass and d.deptype = 'e')
        union all
        select format('alter type %s owner to {owner}', t.oid::regtype), 3
        from pg_type t
        where typowner = made and t.oid >= 16384 and typelem = 0 and typtype in ('d', 'e', 'r')
            and not exists (select from pg_depend d where d.objid = t.oid and d.classid = 'pg_type'::regclass and d.deptype = 'e')
        order by place
    loop
        execute each.statement;
    end loop;
    alter database {database} owner to {owner};
end
$adopt$;
