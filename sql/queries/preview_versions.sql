-- preview_versions: the rows that were written since a preview, as the preview saw
-- them and as they are; those that came since only as they are, those that went
-- since only as they were. {layer} and {id} stand for the table and its feature id.
create temporary table yizhan_versions on commit drop as
select changed.id as yizhan_id, target.*
from yizhan_changed as changed
join {layer} as target on target.{id} = changed.id
union all
select changed.id, former.*
from yizhan_changed as changed
join journal.before as b on b.entry = changed.first and b.id = changed.id
cross join lateral jsonb_populate_record(null::{layer}, b.image) as former
