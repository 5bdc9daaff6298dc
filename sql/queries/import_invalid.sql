-- import_invalid: whether a layer has an invalid geometry. {layer} and
-- {geom} stand for the table and its geometry.
select exists (select from {layer} where not st_isvalid({geom}))
