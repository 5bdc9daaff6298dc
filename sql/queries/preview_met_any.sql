-- preview_met_any: every row that was written stands in the way. {key_text} stands
-- for the key of the row named target as text.
insert into yizhan_met (id, key)
select target.yizhan_id, {key_text} from yizhan_versions as target
