-- features_all: every feature of one layer, as the replica holds it.
-- {layer} stands for the table, {id} and {geom} for its columns, and
-- {attributes} for the list of the layer's fields, all quoted.
-- returns (binary): id int8, geometry EWKB, then int8, float8, bool or text a field
select {id}::int8, {geom}{attributes} from {layer}
