-- features_some: the features with the given ids, as features_all has them.
-- $1 ids (int8[])
select identifier::int8, geometry, attributes from city.layer where identifier = any ($1)
