-- import_invalid: whether a layer has an invalid geometry. city.layer and
-- geom_column stand for the table and its geometry.
select exists (select from city.layer where not st_isvalid(geom_column))
