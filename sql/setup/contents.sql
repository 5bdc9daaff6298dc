-- contents: prepares the database for the ledger: PostGIS, and rights of the ledger's owner
-- only. Run as a superuser, connected to the database; it may be run again.
-- needs: PostgreSQL 15 or later with the files of PostGIS 3.3 or later.
create extension if not exists postgis;
-- otherwise a function of another role in this schema could be called by everybody
revoke create on schema public from public;
-- all servers share one login and could otherwise end each other's connections
revoke execute on function pg_catalog.pg_terminate_backend(integer, bigint), pg_catalog.pg_cancel_backend(integer) from public;
-- migrations and imports use advisory locks, which anybody could hold; only {owner} may take them
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
-- otherwise anybody could fill the disk with large objects
revoke execute on function
    pg_catalog.lo_creat(integer), pg_catalog.lo_create(oid), pg_catalog.lo_from_bytea(oid, bytea),
    pg_catalog.lo_put(oid, bigint, bytea), pg_catalog.lowrite(integer, bytea), pg_catalog.lo_open(oid, integer),
    pg_catalog.lo_truncate(integer, integer), pg_catalog.lo_truncate64(integer, bigint)
from public;
