-- bootstrap: prerequisites of functions and migrations. Runs at every start under the
-- migration lock, and may be run again.
-- needs: a role that may create schemas in this database, and the statements of setup/.
create extension if not exists postgis;

create schema if not exists catalog;
create schema if not exists city;
create schema if not exists personal;
create schema if not exists journal;
create schema if not exists ask;

-- yizhan_public may read and ask what is public. The reader, which serves the map and
-- questions, is a member. No table of schema personal is ever granted to it.
do $$
begin
    if not exists (select from pg_roles where rolname = 'yizhan_public') then
        raise exception 'the roles of the ledger are missing' using errcode = 'undefined_object',
            hint = 'run the statements that yizhan setup --print-sql prints, as a superuser';
    end if;
end
$$;

revoke all on schema personal from public;
grant usage on schema catalog, city, journal, ask to yizhan_public;
-- new questions of analysts need no further grant
alter default privileges in schema ask grant execute on functions to yizhan_public;
-- new tables of schema city are not readable until they are published
alter default privileges in schema city revoke select on tables from yizhan_public;
