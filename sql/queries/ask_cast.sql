-- ask_cast: whether a text is a valid value of a type ({type} stands for the type's name).
select $1::{type}
