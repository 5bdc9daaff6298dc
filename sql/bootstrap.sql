-- bootstrap: what must stand before functions and migrations can be installed.
-- Idempotent; run at every start under the migration lock.
-- needs: a role that may create schemas in this database, and what setup/setup.sql does.
create extension if not exists postgis;

create schema if not exists catalog;
create schema if not exists city;
create schema if not exists personal;
create schema if not exists journal;
create schema if not exists ask;

-- yizhan_public holds what everybody may see and ask; the reader, as which the map's copy
-- and questions run, is its member. No table of schema personal is ever granted to it.
do $$
begin
    if not exists (select from pg_roles where rolname = 'yizhan_public') then
        raise exception 'the roles of the ledger are missing' using errcode = 'undefined_object',
            hint = 'yizhan setup --print-sql prints what an administrator types';
    end if;
end
$$;

revoke all on schema personal from public;
grant usage on schema catalog, city, journal, ask to yizhan_public;
-- an analyst's own question is answered without a further grant
alter default privileges in schema ask grant execute on functions to yizhan_public;
-- a table of the city is read by nobody until it is published
alter default privileges in schema city revoke select on tables from yizhan_public;
