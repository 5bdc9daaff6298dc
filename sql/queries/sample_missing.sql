-- sample_missing: the layers of the sample city that are not loaded yet, in the given order;
-- none if anything else has been written, because the ledger is then in real use.
-- $1 layers (text[])   $2 prefix of the sources of the sample's imports
select array(
    select l.name from unnest($1::text[]) with ordinality as l(name, place)
    where not exists (select from journal.batch b where b.layer = l.name and starts_with(b.source, $2))
        and not exists (select from journal.batch b where not starts_with(b.source, $2))
        and not exists (select from journal.entry e where e.op <> 'catalog' and e.batch is null)
    order by l.place)
