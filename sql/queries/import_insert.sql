-- import_insert: adds the staged rows whose key the layer does not have, in the
-- order of the file. {layer}, {key}, {typed_rows}, {columns} and {fresh} stand for
-- the table, its key, the staged rows in its types, the columns that the file has
-- and their values, with the table's default where a column takes no null.
insert into {layer} ({columns})
select {fresh} from {typed_rows}
where not exists (select from {layer} as target where target.{key} = staged.{key})
order by yizhan_pos
