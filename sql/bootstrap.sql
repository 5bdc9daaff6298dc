-- bootstrap: what must stand before functions and migrations can be installed.
-- Idempotent; run at every start under the migration lock.
-- needs: a role that may create schemas and roles; PostGIS installed or installable.
create extension if not exists postgis;

create schema if not exists catalog;
create schema if not exists city;
create schema if not exists personal;
create schema if not exists journal;
create schema if not exists ask;

-- yizhan_public is the role that tiles, the replica and questions run as. It is
-- granted public layers only; no table of schema personal is ever granted to it.
do $$
begin
    create role yizhan_public nologin;
exception
    when duplicate_object or unique_violation then null;
end
$$;

do $$
begin
    if not pg_has_role(current_user, 'yizhan_public', 'member') then
        execute format('grant yizhan_public to %I', current_user);
    end if;
end
$$;

revoke all on schema personal from public;
grant usage on schema catalog, city, journal, ask to yizhan_public;
-- an analyst's own question is answered without a further grant
alter default privileges in schema ask grant execute on functions to yizhan_public;
-- a table of the city is read by nobody until it is published
alter default privileges in schema city revoke select on tables from yizhan_public;
