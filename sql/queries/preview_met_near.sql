-- preview_met_near: rows stand in the way in whose place is a feature of the file
-- that would be new, or that was rejected because something was near. See import_near
-- for what stands for what; staging.aside stands for the features set aside.   $1 metres
insert into yizhan_met (id, key)
select target.yizhan_id, target.key_column::text
from typed_rows
join yizhan_versions as target on target.geom_column && st_expand(staged.geom_column, $1::float8 / 20000)
    and st_dwithin(geography(target.geom_column), geography(staged.geom_column), $1)
    and target.facet_column is not distinct from staged.facet_column
where not exists (select from city.layer as there where there.key_column = staged.key_column)
union all
select target.yizhan_id, target.key_column::text
from staging.aside as aside
join yizhan_versions as target on target.geom_column && st_expand(aside.yizhan_geom, $1::float8 / 20000)
    and st_dwithin(geography(target.geom_column), geography(aside.yizhan_geom), $1)
