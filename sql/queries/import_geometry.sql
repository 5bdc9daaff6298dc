-- import_geometry: the declared type of a geometry column, such as geometry(MultiPolygon,4326).
-- $1 relation (text)   $2 column
select format_type(atttypid, atttypmod) from pg_attribute where attrelid = $1::regclass and attname = $2 and not attisdropped
