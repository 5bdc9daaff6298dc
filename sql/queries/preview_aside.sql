-- preview_aside: sets the keys of staged rows aside that are about to be rejected
-- because of what the layer has. {aside}, {staging} and {staged_key} stand
-- for the table of rows set aside, the staging table and the key in it.
-- $1 positions (int8[])   $2 whether it was for the place where they are
insert into {aside} (yizhan_key, yizhan_geom)
select {staged_key}, case when $2::boolean then yizhan_geom end
from {staging} where yizhan_pos = any ($1)
