-- import_staged: how many rows are staged. {staging} stands for the staging table.
select count(*) from {staging}
