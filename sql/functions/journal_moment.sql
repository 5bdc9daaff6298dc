-- journal.moment: the last change of a public layer at or before an instant; null if none.
-- All instants until the next change share one past.
create or replace function journal.moment(layer_name text, instant timestamptz) returns timestamptz
language sql stable security definer set search_path = pg_catalog, public, pg_temp as $$
    select pg_catalog.max(e.at) from journal.entry e join catalog.layer l on l.name = e.layer
    where e.layer = layer_name and e.at <= instant and l.privacy = 'public'
$$;

revoke execute on function journal.moment(text, timestamptz) from public;
grant execute on function journal.moment(text, timestamptz) to yizhan_public;
comment on function journal.moment(text, timestamptz) is '最近变更时刻 | Last change of a public layer at or before an instant';
