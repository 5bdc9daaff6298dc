-- crs_city: the bounds of the city in a coordinate system, by PROJ. The edges are sampled
-- every twentieth of a degree, because they are curves there.
-- $1 EPSG code, 0 for none   $2 PROJ definition, if there is no code   $3 west  $4 south  $5 east  $6 north
-- returns: smallest x, smallest y, largest x, largest y, with x to the east
with city as (select st_segmentize(st_makeenvelope($3, $4, $5, $6, 4326), 0.05) as geom),
projected as (select case when $1::int = 0 then st_transform(geom, $2::text) else st_transform(geom, $1::int) end as geom from city)
select st_xmin(geom), st_ymin(geom), st_xmax(geom), st_ymax(geom) from projected
