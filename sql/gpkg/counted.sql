-- counted: how many features a table has by GDAL's own count, which is quick
-- $1 table
-- returns: the number, no row or null where it was not counted
select feature_count from gpkg_ogr_contents where table_name = $1 collate nocase
