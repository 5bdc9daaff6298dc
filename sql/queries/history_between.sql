-- history_between: the features of a layer that differ between two instants, and how.
-- One that is gone is as it was, every other as it is at the later instant.
-- For the names that are stood in for see history_as_of.
-- $1 layer  $2 the earlier instant  $3 the later   returns (binary): as features_all, then added, removed or changed
with past as materialized (select id, image from journal.past($1, $2)),
later as materialized (select id, image from journal.past($1, $3)),
old as materialized (
    select former.{id}, former.{geom}{columns} from past, jsonb_populate_record(null::{layer}, past.image) as former
    where past.image is not null
), new as materialized (
    select {id}, {geom}{columns} from {layer} as present
    where exists (select from past where past.id = present.{id})
        and not exists (select from later where later.id = present.{id})
    union all
    select former.{id}, former.{geom}{columns} from later, jsonb_populate_record(null::{layer}, later.image) as former
    where later.image is not null
), differing as (
    select new.*, 'added' as yizhan_change from new where not exists (select from old where old.{id} = new.{id})
    union all
    select old.*, 'removed' from old where not exists (select from new where new.{id} = old.{id})
    union all
    select new.*, 'changed' from new join old on old.{id} = new.{id}
    where new::text is distinct from old::text -- not every type has an equality
)
select {id}::int8, {geom}{attributes}, yizhan_change from differing
