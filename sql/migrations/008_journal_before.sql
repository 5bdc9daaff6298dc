-- journal_before: only the journal's trigger writes former rows, right after their entry;
-- the foreign key doubled the cost of writing them.
alter table journal.before drop constraint before_entry_fkey;

---- create above / drop below ----

alter table journal.before add constraint before_entry_fkey foreign key (entry) references journal.entry on delete cascade;
