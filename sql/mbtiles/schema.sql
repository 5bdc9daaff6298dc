-- schema: an MBTiles 1.3 file. Addresses and contents are in separate tables, so that equal
-- tiles are stored once; the specification's table of tiles is a view. Until the archive is
-- complete, the table unfinished holds the plan and the progress.
pragma synchronous = normal;
pragma application_id = 1297105496; -- 0x4d504258, MBTiles
create table metadata (name text, value text);
create table map (zoom_level integer, tile_column integer, tile_row integer, tile_id text);
create table images (tile_id text primary key, tile_data blob) without rowid;
create view tiles as
select zoom_level, tile_column, tile_row, tile_data from map join images using (tile_id);
create table unfinished (plan text, next integer);
