-- create_taken: whether a layer or a table of the city already has this name.
-- $1 name
select exists (select from catalog.layer where name = $1) or to_regclass(format('city.%I', $1::text)) is not null
