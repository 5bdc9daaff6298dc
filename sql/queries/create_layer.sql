-- create_layer: the table of a layer made from a file. city.layer, layer_columns and
-- layer_kind stand for its name, its columns and the type of its geometry.
create table city.layer (
    gid bigint generated always as identity primary key,
    layer_columns
    geom geometry(layer_kind, 4326) not null
)
