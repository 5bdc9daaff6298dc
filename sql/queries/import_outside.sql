-- import_outside: rows that lie outside the city. {key_text} and {typed_rows} stand for
-- the key as text and the staged rows in the layer's types.
-- $1 west  $2 south  $3 east  $4 north   returns: position, offset, key as text, a longitude and latitude
select yizhan_pos, yizhan_offset, {key_text}, st_x(st_pointn(st_boundingdiagonal(yizhan_shape), 1)), st_y(st_pointn(st_boundingdiagonal(yizhan_shape), 1))
from {typed_rows}
where not yizhan_shape @ st_makeenvelope($1, $2, $3, $4, 4326)
order by yizhan_pos
