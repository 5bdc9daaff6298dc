// Package geo is the vocabulary of the service: layers and their fields,
// features, tile addresses, world coordinates and the index of one layer's
// features in memory.
//
// It is pure Go on paulmach/orb and knows neither PostgreSQL, HTTP nor the
// encoding of tiles. Coordinates that enter are degrees of EPSG:4326,
// longitude first.
package geo
