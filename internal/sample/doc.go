// Package sample makes the synthetic Nanyang: ten layers of GeoJSON, the same to
// the byte for the same seed, that look like a city and hold nothing real but the
// names, codes and seats of the thirteen divisions.
//
// Everything is drawn in a plane of metres around each town (see plane) and turned
// into degrees of EPSG:4326 when it is written. Each subject has a random stream of
// its own, so that a change to one subject leaves the draws of the others alone.
// Columns that end in _org, and occupant, hold names of units; parent, organisation,
// station, linked_station, road_code, from_wall_site and component hold codes.
//
// It is the one place in Go that names layers. It is not a simulation, not a source
// of facts about Nanyang, and nothing else in the program depends on it.
package sample
