-- create_private: columns of the new layer that are kept in the table and never public.
-- $1 layer   $2 columns (text[])
select catalog.keep_private($1, $2)
