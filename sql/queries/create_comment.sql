-- create_comment: sets the title of a column to the name of the field in the file.
-- $1 relation (text)   $2 column   $3 title
select catalog.entitle($1::text::regclass, $2, $3)
