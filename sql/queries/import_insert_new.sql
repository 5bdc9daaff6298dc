-- import_insert_new: adds the staged rows that the layer, which has no key, does not
-- have as they are, in the order of the file; the same row twice in the file is one.
-- See import_insert for what stands for what; {mine} stands for the table's own values.
insert into {layer} ({columns})
select {fresh} from {typed_rows}
where yizhan_pos in (
    select min(yizhan_pos) from (
        select yizhan_pos, md5(row({fresh})::text) as digest from {typed_rows}) as given
    where digest not in (select md5(row({mine})::text) from {layer} as target)
    group by digest)
order by yizhan_pos
