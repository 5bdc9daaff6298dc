// Package geo is the vocabulary of the service: layers and their fields, datums, tile
// addresses, positions and boxes of the world, and the kinds of errors. The features of a
// layer in memory are those of package geo/index.
//
// It is pure Go on paulmach/orb and knows neither PostgreSQL, HTTP nor the
// encoding of tiles. Coordinates that enter are degrees of EPSG:4326,
// longitude first.
package geo
