-- confirm: confirms places in the name of a person.   $1 layer   $2 codes (text[])   $3 confirmer
-- returns: code, outcome   in order of code
select code, outcome from catalog.confirm($1, $2, $3)
