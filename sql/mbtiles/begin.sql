-- begin: says what is being written.   ?1 the plan
insert into unfinished values (?, 0)
