-- create_private: makes columns of the new layer private.
-- $1 layer   $2 columns (text[])
select catalog.keep_private($1, $2)
