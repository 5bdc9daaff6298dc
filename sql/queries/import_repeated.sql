-- import_repeated: rows whose key an earlier row of the file has.
-- {key} and {typed_rows} stand for the layer's key and the staged rows in its types.
-- returns: position, offset, key as text, position of the first
with repeated as (select {key} as key from {typed_rows} group by {key} having count(*) > 1)
select yizhan_pos, yizhan_offset, key, first from (
    select yizhan_pos, yizhan_offset, {key}::text as key, min(yizhan_pos) over (partition by {key}) as first
    from {typed_rows} where {key} in (select key from repeated)) as all_of_them
where yizhan_pos <> first
order by yizhan_pos
