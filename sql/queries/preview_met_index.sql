-- preview_met_index: rows that were written, by place. geom_column stands for the layer's geometry.
create index on yizhan_versions using gist (geom_column)
