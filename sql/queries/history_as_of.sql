-- history_as_of: every feature of a layer as it was at an instant.
-- city.layer stands for the table, identifier and geometry for its columns, columns
-- for the list of the layer's fields and attributes for the same as the replica reads them.
-- $1 layer  $2 instant   returns (binary): as features_all
with past as materialized (select id, image from journal.past($1, $2))
select identifier::int8, geometry, attributes
from (
    select identifier, geometry, columns from city.layer as present
    where not exists (select from past where past.id = present.identifier)
    union all
    select former.identifier, former.geometry, columns from past, jsonb_populate_record(null::city.layer, past.image) as former
    where past.image is not null
) as at_the_time
