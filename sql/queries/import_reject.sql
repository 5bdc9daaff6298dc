-- import_reject: takes rows out of the staging table.
-- $1 positions (int8[])
delete from {staging} where yizhan_pos = any ($1)
