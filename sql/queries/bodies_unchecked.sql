-- bodies_unchecked: allows functions to be created before the tables in their bodies.
set local check_function_bodies = off
