-- import_repair: repairs invalid polygons if the result is a polygon whose area differs
-- by at most 1 % (ST_MakeValid, method structure). Polygons of more than 20,000 vertices
-- would take minutes and are rejected instead.
-- {staging}, {key_text} and {typed_rows} stand for the staging table, the key as
-- text and the staged rows in the layer's types.   $1 whether the column takes several parts
-- returns: position, offset, key as text, why the geometry was invalid
with broken as (
    select yizhan_pos as pos, {key_text} as key, yizhan_shape as geom, st_isvalidreason(yizhan_shape) as why
    from {typed_rows} where st_npoints(yizhan_shape) <= 20000 and not st_isvalid(yizhan_shape)
), repaired as (
    select pos, key, why, st_area(geom) as area, st_collectionextract(st_makevalid(geom, 'method=structure'), 3) as geom
    from broken
), taken as (
    select pos, key, why, case when $1::boolean then st_multi(geom) else st_geometryn(geom, 1) end as geom
    from repaired
    where not st_isempty(geom) and st_isvalid(geom) and ($1::boolean or st_numgeometries(geom) = 1)
        and area > 0 and abs(st_area(geom) - area) <= area / 100
)
update {staging} as staging set yizhan_geom = taken.geom
from taken where taken.pos = staging.yizhan_pos
returning staging.yizhan_pos, staging.yizhan_offset, taken.key, taken.why
