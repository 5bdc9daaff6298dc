-- confirm_first: confirms the first load of a layer.   $1 batch   $2 who   returns: how many
select catalog.confirm_first($1, $2)
