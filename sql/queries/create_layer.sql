-- create_layer: the table of a layer made from a file. {layer}, {columns} and
-- {kind} stand for its name, its columns and the type of its geometry.
create table {layer} (
    gid bigint generated always as identity primary key,
    {columns}
    geom geometry({kind}, 4326) not null
)
