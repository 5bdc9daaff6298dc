-- import_unreadable: rows of which a text cannot be read as the column's type.
-- {staging}, {staged_text} and {staged_key} stand for the staging table, the column
-- in it and that of the key.   $1 type   returns: position, offset, key as text, the text
select yizhan_pos, yizhan_offset, {staged_key}::text, {staged_text}
from {staging}
where {staged_text} is not null and not catalog.readable_as({staged_text}, $1)
order by yizhan_pos
