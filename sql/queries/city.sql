-- city: where the city lies, in degrees.
-- returns: west, south, east, north
select west, south, east, north from catalog.city
