-- import_stage: where the rows of one import are gathered: place in the file,
-- geometry, attributes. Gone with the transaction or with its connection, so that
-- an import that ends in the middle leaves nothing.
-- {staged_columns} stands for c0 integer, c1 text and so on, one a column of the layer.
create temporary table {staging} (yizhan_pos int8, yizhan_offset int8, yizhan_geom geometry{staged_columns}) on commit drop
