-- facts: the metadata of the archive.   returns: name, value
select name, value from metadata
