// Package geojson reads GeoJSON (RFC 7946), as one collection, one feature a line, or a
// text sequence (RFC 8142). It cuts a file at its features without building a tree of it,
// so that memory holds one batch.
//
// It does not transform coordinates and knows no layer; what a member crs names is kept
// as text.
package geojson
