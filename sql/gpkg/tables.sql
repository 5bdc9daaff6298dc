-- tables: the tables of features of a GeoPackage (OGC 12-128r18, 1.1.2, 1.1.3 and 2.1.5)
-- returns: table, geometry column, geometry type, srs_id, organization, its code of the system, definition
select
  cast(c.table_name as text), cast(g.column_name as text), cast(g.geometry_type_name as text),
  cast(g.srs_id as integer), coalesce(cast(s.organization as text), ''),
  coalesce(cast(s.organization_coordsys_id as integer), 0), coalesce(cast(s.definition as text), '')
from gpkg_contents c
join gpkg_geometry_columns g on g.table_name = c.table_name
left join gpkg_spatial_ref_sys s on s.srs_id = g.srs_id
where c.data_type = 'features' and c.table_name is not null and g.column_name is not null
order by c.table_name
limit 1000
