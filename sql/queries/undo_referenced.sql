-- undo_referenced: whether rows of other tables hang on those of the table.
-- $1 relation (text)
select exists (select from pg_constraint where confrelid = $1::regclass and contype = 'f')
