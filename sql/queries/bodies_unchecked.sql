-- bodies_unchecked: lets a function be created before the tables in its body.
set local check_function_bodies = off
