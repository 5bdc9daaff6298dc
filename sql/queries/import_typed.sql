-- import_typed: the staged rows in the names and types of the layer, as part of other statements.
-- {staging} stands for the staging table, {geometry} for its geometry with as many dimensions as
-- the layer's, {geom} for the name of that, and {typed_columns} for the columns of the layer.
(select yizhan_pos, yizhan_offset, yizhan_geom as yizhan_shape, {geometry} as {geom}{typed_columns} from {staging}) as staged
