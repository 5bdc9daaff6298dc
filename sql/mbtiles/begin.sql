-- begin: records the plan of the archive.   ?1 plan
insert into unfinished values (?, 0)
