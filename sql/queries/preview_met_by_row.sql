-- preview_met_by_row: of a layer without a key, rows stand in the way that are as
-- the file has them. {typed_rows}, {mine} and {fresh} stand for the staged rows, the
-- table's values and the file's.
insert into yizhan_met (id)
select target.yizhan_id
from yizhan_versions as target
where md5(row({mine})::text) in (select md5(row({fresh})::text) from {typed_rows})
