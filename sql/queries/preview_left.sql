-- preview_left: tables of previews that are over. returns: name
select c.relname::text
from pg_class c
where c.relnamespace = 'staging'::regnamespace and c.relkind = 'r' and c.relname ~ '^import_[0-9]+(_aside)?$'
    and not exists (
        select from journal.import i
        where i.state in ('reading', 'preview') and c.relname in ('import_' || i.id, 'import_' || i.id || '_aside'))
