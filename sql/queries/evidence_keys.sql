-- evidence_keys: how far features of the file lie from those of the same key in the
-- layer, if the file were in each datum. {layer}, {key} and {key_type} stand
-- for the table, its key and the key's type.
-- $1 keys (text)   $2 numbers of datums   $3 longitudes   $4 latitudes, one row a key and datum
-- returns: number of the datum, features compared, median of the distances in metres
select given.datum, count(*), percentile_cont(0.5) within group (order by
    st_distance(geography(st_centroid(target.{geom})), geography(st_setsrid(st_makepoint(given.lon, given.lat), 4326))))
from unnest($1::text[], $2::int[], $3::float8[], $4::float8[]) as given(key, datum, lon, lat)
join {layer} as target on target.{key} = given.key::{key_type}
group by given.datum
order by given.datum
