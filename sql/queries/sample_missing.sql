-- sample_missing: which of the sample's layers are still to be loaded, in the order given.
-- $1 layers (text[])   $2 how the sources of the sample's imports begin
-- None once anything else was written: the ledger is then somebody's own.
select array(
    select l.name from unnest($1::text[]) with ordinality as l(name, place)
    where not exists (select from journal.batch b where b.layer = l.name and starts_with(b.source, $2))
        and not exists (select from journal.batch b where not starts_with(b.source, $2))
        and not exists (select from journal.entry e where e.op <> 'catalog' and e.batch is null)
    order by l.place)
