// Package tiles says what a tile is: it chooses, generalises, clips and encodes
// the features of a tile, and describes layers for map clients as TileJSON and MapLibre
// styles. A [View] says which layers a tile shows, and what of them.
//
// It draws from collections of package geo/index and knows neither HTTP nor SQL. A
// drawing is a function of the collections and the address alone: the same data
// give the same bytes, on every server and after any history of edits.
//
// Tiles are Mapbox Vector Tiles 2.1 of extent 4096 with a buffer of 64 units;
// points come in the order of memory, lines and polygons along a Z-curve, which packs
// better than the order of ids (docs/decisions/0013-tiles-are-encoded-in-the-order-of-memory.md).
//
// # What a low zoom leaves out
//
// Below a layer's point zoom its points are counted in 32 × 32 cells per tile.
// A cell is anchored to the world and belongs to one tile, so the counts of a
// zoom sum to the number of points. Lines and polygons are drawn from the zoom at
// which the longer side of their box is 4 units (half a pixel of a tile shown at
// 512), and with those vertices that matter there (see index.DetailZoom).
//
// # What no tile exceeds
//
// A tile has at most the bytes of its zoom's [Budget] (100 KiB up to zoom 13, 4 MiB
// beyond, unless [Options] say otherwise), shared by its layers, plus their names and
// field names. A layer with more points than the budget, or too large with them, has
// cells instead. Of lines and polygons the largest are taken first, by bands that double
// in size and by id within a band, until the budget is reached. A feature has at most
// about 65,536 vertices in a tile, and beyond that is drawn as a lower zoom would be. A
// text of more than 1,024 bytes is not carried at all. [Stats] reports what was left out.
package tiles
