-- create_shared: the columns that layers share, and their aliases in survey files.
select a.attname::text, catalog.standard_aliases(a.attname)
from pg_attribute a
where a.attrelid = 'catalog.shared_columns'::regclass and a.attnum > 0 and not a.attisdropped
order by a.attnum
