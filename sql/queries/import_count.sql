-- import_count: how many rows are staged, and whether the layer has none.
-- city.layer stands for the table
select (select count(*) from yizhan_staging), not exists (select from city.layer)
