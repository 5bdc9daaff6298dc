-- contents: what the database must have before the ledger is made in it, and what nobody
-- but the ledger's owner may do there. Run as a superuser, connected to it; running it again does no harm.
-- needs: PostgreSQL 15 or later with the files of PostGIS 3.3 or later.
create extension if not exists postgis;
-- a function of somebody else's in a schema that others search would be called by them
revoke create on schema public from public;
-- all who serve are one login, and would end each other's connections
revoke execute on function pg_catalog.pg_terminate_backend(integer, bigint), pg_catalog.pg_cancel_backend(integer) from public;
-- migrations and imports wait for advisory locks, which anybody could hold; {owner} takes them
do $$
declare
    each regprocedure;
begin
    for each in select oid from pg_proc where pronamespace = 'pg_catalog'::regnamespace and proname ~ '^pg_(try_)?advisory_' loop
        execute format('revoke execute on function %s from public', each);
        execute format('grant execute on function %s to {owner}', each);
    end loop;
end
$$;
-- large objects are files that anybody may fill
revoke execute on function
    pg_catalog.lo_creat(integer), pg_catalog.lo_create(oid), pg_catalog.lo_from_bytea(oid, bytea),
    pg_catalog.lo_put(oid, bigint, bytea), pg_catalog.lowrite(integer, bytea), pg_catalog.lo_open(oid, integer),
    pg_catalog.lo_truncate(integer, integer), pg_catalog.lo_truncate64(integer, bigint)
from public;
