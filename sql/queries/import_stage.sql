-- import_stage: where the rows of one import are gathered; gone with the transaction,
-- so that an import that ends in the middle leaves nothing.
-- staged_columns stands for c0 int8, c1 text and so on, one a column of the layer.
create temporary table yizhan_staging (yizhan_pos int8, yizhan_geom geometry staged_columns) on commit drop
