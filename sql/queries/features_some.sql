-- features_some: the features with the given ids, as features_all has them.
-- $1 ids (int8[])
select {id}::int8, {geom}{attributes} from {layer} where {id} = any ($1)
