-- places: the places of a layer that must be confirmed.   $1 layer
-- returns: code, who placed it or null, who confirmed it or null   in order of code
select code, placed_by, confirmed_by from catalog.places($1) order by code
