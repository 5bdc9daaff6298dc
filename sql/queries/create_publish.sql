-- create_publish: makes the new table a layer.
-- $1 relation (text)   $2 name   $3 title in Chinese   $4 title in English   $5 key column, '' for none
select catalog.publish($1::text::regclass, layer => $2, title_zh => $3, title_en => $4, key_column => nullif($5::text, ''))
