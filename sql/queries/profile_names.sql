-- profile_names: the names of all import profiles.
select coalesce(array_agg(name order by name), '{}') from catalog.import_profile
