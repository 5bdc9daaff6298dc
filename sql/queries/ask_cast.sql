-- ask_cast: whether a text can be read as a type (unknown stands for the type's name).
select $1::unknown
