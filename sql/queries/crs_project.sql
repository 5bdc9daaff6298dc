-- crs_project: projects longitudes and latitudes.
-- $1 PROJ definition   $2 longitudes   $3 latitudes   returns: easting, northing, in order
select st_x(geom), st_y(geom)
from (select n, st_transform(st_setsrid(st_makepoint(lon, lat), 4326), $1::text) as geom
    from unnest($2::float8[], $3::float8[]) with ordinality as given(lon, lat, n)) as projected
order by n
