-- import_project: makes longitude and latitude of the staged rows.
-- {staging} stands for the staging table.
-- $1 EPSG code   $2 PROJ definition, which goes before the code unless empty
-- $3 … $8 a, b, d, e, x, y of the affine that comes first
update {staging}
set yizhan_geom = case
    when $2::text <> '' then st_transform(st_affine(yizhan_geom, $3, $4, $5, $6, $7, $8), $2::text, 4326)
    else st_transform(st_setsrid(st_affine(yizhan_geom, $3, $4, $5, $6, $7, $8), $1::int), 4326)
end
