-- aliases: aliases of the fields of existing and future layers, and the minimum distance
-- of points: two manhole covers or stations within half a metre are one, surveyed twice.
create trigger yizhan_aliases before insert on catalog.field
    for each row execute function catalog.fill_aliases();
update catalog.field set aliases = catalog.standard_aliases(name) where aliases = '{}';
update catalog.layer set spacing_m = 0.5 where name in ('manhole', 'station');

---- create above / drop below ----

drop trigger yizhan_aliases on catalog.field;
update catalog.layer set spacing_m = null where name in ('manhole', 'station');
update catalog.field set aliases = '{}';
