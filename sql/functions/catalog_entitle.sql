-- catalog.entitle: sets the comment of a column, the source of its titles.
create or replace function catalog.entitle(relation regclass, column_name text, comment text) returns void
language plpgsql set search_path = pg_catalog, public, pg_temp as $$
begin
    execute format('comment on column %s.%I is %L', relation, column_name, comment);
end
$$;

comment on function catalog.entitle(regclass, text, text) is '列注释 | Sets the comment of a column';
