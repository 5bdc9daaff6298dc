-- facts: what the archive says of itself.   returns: name, value
select name, value from metadata
