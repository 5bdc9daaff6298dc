-- import_near: new rows in the same place as a row of the layer that has another key
-- and the same category. city.layer, key_column, facet_column, geom_column and
-- typed_rows stand for the table, its columns and the staged rows.
-- $1 metres   returns: position, offset, key as text, the other's key, metres between them
select yizhan_pos, yizhan_offset, staged.key_column::text, near.key, near.metres
from typed_rows
cross join lateral (
    select target.key_column::text as key, st_distance(geography(target.geom_column), geography(staged.geom_column)) as metres
    from city.layer as target
    where target.geom_column && st_expand(staged.geom_column, $1::float8 / 20000)
        and st_dwithin(geography(target.geom_column), geography(staged.geom_column), $1)
        and target.facet_column is not distinct from staged.facet_column
    order by 2 limit 1) as near
where not exists (select from city.layer as target where target.key_column = staged.key_column)
order by yizhan_pos
