-- preview_met_by_key: rows whose key the file has, and where replacing takes rows
-- out, those that it does not have, stand in the way. {key}, {typed_rows} and
-- {aside} stand for the layer's key, the staged rows and those set aside,
-- {key_type} for the key's type.   $1 whether rows are taken out   $2 keys of rejected features (text)
insert into yizhan_met (id, key)
select target.yizhan_id, target.{key}::text
from yizhan_versions as target
where target.{key} in (select staged.{key} from {typed_rows})
    or target.{key} in (select aside.yizhan_key::{key_type} from {aside} as aside where aside.yizhan_key is not null)
    or $1::boolean and not coalesce(target.{key} = any ($2::text[]::{key_type}[]), false)
