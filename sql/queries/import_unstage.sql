-- import_unstage: takes a staging table away. yizhan_staging stands for it.
drop table if exists yizhan_staging
