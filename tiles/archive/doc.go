// Package archive writes finished tiles into one file, and reads it again: PMTiles,
// version 3 (github.com/protomaps/PMTiles, spec/v3), clustered, each content once,
// directories and tiles packed with gzip, for a static host or an object store; or
// MBTiles 1.3 (github.com/mapbox/mbtiles-spec), an SQLite file. An interrupted
// archive of either kind can be resumed.
//
// It does not draw and knows no layers: a pyramid asks for tiles, a writer puts away
// what it is given, in the order of the Hilbert curve.
package archive
