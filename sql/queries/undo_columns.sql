-- undo_columns: the columns that the former rows have and the table still has.
-- $1 relation (text)   returns: name, and whether an update may assign to it
select a.attname::text, a.attidentity <> 'a'
from pg_attribute a,
    (select b.image from yizhan_undo u join journal.before b on b.entry = u.entry and b.id = u.id where u.existed limit 1) as former
where a.attrelid = $1::regclass and a.attnum > 0 and not a.attisdropped and a.attgenerated = ''
    and former.image ? a.attname
order by a.attnum
