-- import_staged: how many rows are staged. yizhan_staging stands for the staging table.
select count(*) from yizhan_staging
