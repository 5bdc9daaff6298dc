-- import_near: new rows in the same place as a row of the layer that has another key
-- and the same category. {layer}, {key}, {same_category}, {geom} and
-- {typed_rows} stand for the table, its columns and the staged rows.
-- $1 metres   returns: position, offset, key as text, the other's key, metres between them
select yizhan_pos, yizhan_offset, staged.{key}::text, near.key, near.metres
from {typed_rows}
cross join lateral (
    select target.{key}::text as key, st_distance(geography(target.{geom}), geography(staged.{geom})) as metres
    from {layer} as target
    where target.{geom} && st_expand(staged.{geom}, $1::float8 / 20000)
        and st_dwithin(geography(target.{geom}), geography(staged.{geom}), $1)
        and {same_category}
    order by 2 limit 1) as near
where not exists (select from {layer} as target where target.{key} = staged.{key})
order by yizhan_pos
