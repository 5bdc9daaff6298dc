-- import_stage_kept: where the rows of a preview are kept until they are applied or
-- discarded. An ordinary table, made in a transaction of its own: after a crash of
-- the server the catalogue knows it, so that it is used or cleaned up. An unlogged
-- one whose making was never committed keeps PostgreSQL from starting.
-- {staging} and {staged_columns} stand for its name and its columns.
create table {staging} (yizhan_pos int8, yizhan_offset int8, yizhan_geom geometry{staged_columns})
