-- journal_before: former rows are written by the journal's trigger alone, right after
-- their entry, so that checking each against it cost half of writing them.
alter table journal.before drop constraint before_entry_fkey;

---- create above / drop below ----

alter table journal.before add constraint before_entry_fkey foreign key (entry) references journal.entry on delete cascade;
