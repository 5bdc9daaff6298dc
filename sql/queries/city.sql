-- city: the bounds of the city in degrees.
-- returns: west, south, east, north
select west, south, east, north from catalog.city
