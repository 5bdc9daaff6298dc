-- preview_sample: the first five rows of each group of a preview.
-- See preview_compare for what stands for what.
-- $1 whether rows would be deleted   $2 keys of rejected features (text)
-- returns: group, position in the file, key, metres moved, fields as {"name": [from, to]}
(select 'inserted', staged.yizhan_pos, staged.{key}::text, null::float8, null::jsonb
from {typed_rows}
where not exists (select from {layer} as target where target.{key} = staged.{key})
order by staged.yizhan_pos limit 5)
union all
(select 'moved', pos, key::text, metres, null from yizhan_changes where metres is not null order by metres desc, pos limit 5)
union all
(select 'edited', c.pos, c.key::text, c.metres, (
    select jsonb_object_agg(field, jsonb_build_array(to_jsonb(target.*) ->> field, to_jsonb(staged.*) ->> field)) from unnest(c.fields) as field)
from (select * from yizhan_changes where fields <> '{}' order by pos limit 5) as c
join {layer} as target on target.{key} = c.key
join {typed_rows} on staged.yizhan_pos = c.pos)
union all
(select 'deleted', null, target.{key}::text, null, null
from {layer} as target
where $1::boolean and not exists (select from {typed_rows} where staged.{key} = target.{key})
    and not coalesce(target.{key} = any ($2::text[]::{key_type}[]), false)
order by 3 limit 5)
