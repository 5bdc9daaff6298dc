-- preview_met_near: rows stand in the way in whose place is a feature of the file
-- that would be new, or that was rejected because something was near. See import_near
-- for what stands for what; {aside} stands for the features set aside.   $1 metres
insert into yizhan_met (id, key)
select target.yizhan_id, target.{key}::text
from {typed_rows}
join yizhan_versions as target on target.{geom} && st_expand(staged.{geom}, $1::float8 / 20000)
    and st_dwithin(geography(target.{geom}), geography(staged.{geom}), $1)
    and {same_category}
where not exists (select from {layer} as there where there.{key} = staged.{key})
union all
select target.yizhan_id, target.{key}::text
from {aside} as aside
join yizhan_versions as target on target.{geom} && st_expand(aside.yizhan_geom, $1::float8 / 20000)
    and st_dwithin(geography(target.{geom}), geography(aside.yizhan_geom), $1)
