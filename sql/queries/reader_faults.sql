-- reader_faults: rights of the current role that a reader must not have.
-- $1 role of which it may be a member   returns: its name, its faults as ends of a sentence
select session_user, array_remove(array[
    case when r.rolsuper then 'is a superuser' end,
    case when r.rolcreaterole then 'may create roles' end,
    case when r.rolbypassrls then 'passes by row security' end,
    case when r.rolreplication then 'may read the server''s log' end,
    (select 'is a member of ' || string_agg(g.rolname, ', ' order by g.rolname)
        from pg_roles g where pg_has_role(r.oid, g.oid, 'member') and g.rolname not in (r.rolname, $1) and not r.rolsuper),
    case when not pg_has_role(r.oid, $1, 'usage') then 'lacks the role ' || $1 end,
    case when has_database_privilege(r.oid, current_database(), 'temporary') and not r.rolsuper
        then 'may make temporary objects' end,
    case when has_database_privilege(r.oid, current_database(), 'create') and not r.rolsuper
        then 'may create schemas' end,
    (select 'may create objects in schema ' || string_agg(n.nspname, ', ' order by n.nspname)
        from pg_namespace n where has_schema_privilege(r.oid, n.oid, 'create') and not r.rolsuper),
    (select 'owns ' || count(*) || ' objects' from pg_shdepend d
        where d.refclassid = 'pg_authid'::regclass and d.refobjid = r.oid and d.deptype = 'o'
            and d.dbid in (0, (select oid from pg_database where datname = current_database())) -- here, or the server's
        having count(*) > 0)], null)
from pg_roles r
where r.rolname = session_user
