-- confirm_first: confirms the first load of a layer.   $1 batch   $2 confirmer   returns: number confirmed
select catalog.confirm_first($1, $2)
