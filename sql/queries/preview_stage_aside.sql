-- preview_stage_aside: the features of a previewed file whose rows are not staged
-- because of what the layer has: by key, and by place where that was the reason.
-- {aside} and {key_staged} stand for its name and the type in which keys are staged.
create table {aside} (yizhan_key {key_staged}, yizhan_geom geometry)
