-- ask_cast: whether a text is a valid value of a type (unknown stands for the type's name).
select $1::unknown
