-- preview_compare: the staged rows that the layer has and that differ: by how many
-- metres the centroid moved, null where the geometry is the same, and which fields differ.
-- city.layer, key_column, geom_column, typed_rows, mine, theirs and differing stand
-- for the table, its columns, the staged rows, the values compared, and a list of
-- whether each differs.   $1 names of the columns that the file has
create temporary table yizhan_changes on commit drop as
select staged.yizhan_pos as pos, target.key_column as key,
    case when target.geom_column is distinct from staged.geom_column then
        st_distance(geography(st_centroid(target.geom_column)), geography(st_centroid(staged.geom_column))) end as metres,
    array(select name from unnest($1::text[], array[differing]::boolean[]) as compared(name, differs) where differs) as fields
from typed_rows
join city.layer as target on target.key_column = staged.key_column
where (mine) is distinct from (theirs)
