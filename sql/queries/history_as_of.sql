-- history_as_of: every feature of a layer as it was at an instant.
-- {layer} stands for the table, {id} and {geom} for its columns, {columns}
-- for the list of the layer's fields and {attributes} for the same as the replica reads them.
-- $1 layer  $2 instant   returns (binary): as features_all
with past as materialized (select id, image from journal.past($1, $2))
select {id}::int8, {geom}{attributes}
from (
    select {id}, {geom}{columns} from {layer} as present
    where not exists (select from past where past.id = present.{id})
    union all
    select former.{id}, former.{geom}{columns} from past, jsonb_populate_record(null::{layer}, past.image) as former
    where past.image is not null
) as at_the_time
