-- evidence_lines: how far points of the file lie from the nearest line of a layer
-- such as the roads, if the file were in each datum. {layer} stands for the table.
-- $1 numbers of datums   $2 longitudes   $3 latitudes
-- returns: number of the datum, points with a line within two kilometres, median of the distances in metres
with given as (
    select datum, st_setsrid(st_makepoint(lon, lat), 4326) as place
    from unnest($1::int[], $2::float8[], $3::float8[]) as given(datum, lon, lat)
), nearest as (
    select given.datum, (
        select st_distance(geography(target.{geom}), geography(given.place))
        from {layer} as target
        where target.{geom} && st_expand(given.place, 0.02)
        order by target.{geom} <-> given.place limit 1) as metres
    from given
)
select datum, count(metres), coalesce(percentile_cont(0.5) within group (order by metres), 0)
from nearest group by datum order by datum
