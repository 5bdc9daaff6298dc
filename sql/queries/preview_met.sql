-- preview_met: for the rows written since a preview that stand in its way, with
-- their keys as text.
create temporary table yizhan_met (id int8, key text) on commit drop
