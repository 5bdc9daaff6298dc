-- preview_met_index: rows that were written, by place. {geom} stands for the layer's geometry.
create index on yizhan_versions using gist ({geom})
