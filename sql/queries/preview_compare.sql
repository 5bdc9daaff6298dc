-- preview_compare: the staged rows that the layer has and that differ: by how many
-- metres the centroid moved, null where the geometry is the same, and which fields differ.
-- {layer}, {key}, {geom}, {typed_rows}, {mine}, {theirs} and {differing} stand
-- for the table, its columns, the staged rows, the values compared, and a list of
-- whether each differs.   $1 names of the columns that the file has
create temporary table yizhan_changes on commit drop as
select staged.yizhan_pos as pos, target.{key} as key,
    case when target.{geom} is distinct from staged.{geom} then
        st_distance(geography(st_centroid(target.{geom})), geography(st_centroid(staged.{geom}))) end as metres,
    array(select name from unnest($1::text[], array[{differing}]::boolean[]) as compared(name, differs) where differs) as fields
from {typed_rows}
join {layer} as target on target.{key} = staged.{key}
where ({mine}) is distinct from ({theirs})
