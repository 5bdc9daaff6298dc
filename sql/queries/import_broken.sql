-- import_broken: rows that break a rule of the table.
-- {key_text} stands for the key as text, {rule_case} for the number of the first rule
-- broken (0: none), {typed_rows} for the staged rows in the layer's types.
-- returns: position, offset, key as text, number of the rule, why a geometry is invalid
select yizhan_pos, yizhan_offset, yizhan_key, rule, case when rule = 1 then st_isvalidreason(yizhan_shape) end
from (select yizhan_pos, yizhan_offset, {key_text} as yizhan_key, yizhan_shape, {rule_case} as rule from {typed_rows}) as judged
where rule > 0
order by yizhan_pos
