// Package gpkg reads tables of features of a GeoPackage (OGC 12-128r18), row by row in
// the order of their primary key, so that memory holds one batch.
//
// It neither writes to the file nor trusts functions that its views call. It reads no
// rasters, transforms no coordinate, and skips columns of bytes.
package gpkg
