-- create_comment: the title of a column, as the file names the field.
-- $1 relation (text)   $2 column   $3 title
select catalog.entitle($1::text::regclass, $2, $3)
