-- catalog.readable_as: whether a text is a valid value of a type. It is for types that
-- the importer does not parse itself, such as uuid, jsonb and arrays, and only used when
-- a column contains an invalid value.
create or replace function catalog.readable_as(value text, type_name text) returns boolean
language plpgsql stable set search_path = pg_catalog, public, pg_temp as $$
begin
    execute format('select %L::%s', value, type_name::regtype);
    return true;
exception
    when data_exception or integrity_constraint_violation or syntax_error_or_access_rule_violation then
        return false;
end
$$;

comment on function catalog.readable_as(text, text) is '可读为 | Whether a text is a valid value of a type';
