-- preview_there: whether a staging table is still there.   $1 its name, quoted
select to_regclass($1) is not null
