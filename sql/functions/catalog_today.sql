-- catalog.today: the current date in the city, whatever the session's time zone.
create or replace function catalog.today() returns date
language sql stable set search_path = pg_catalog, public, pg_temp as $$
    select (now() at time zone coalesce((select time_zone from catalog.city), 'Asia/Shanghai'))::date
$$;

comment on function catalog.today() is '今天 | The current date in the city';
