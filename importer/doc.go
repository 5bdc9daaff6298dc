// Package importer reads survey files into checked features: a reader splits the
// file into features, workers parse and check them on every core, and a sink
// takes the rows, encoded by its own encoder.
//
// It does not know PostgreSQL: what is done with the rows, and what can only be
// seen when all are there, is the sink's. Memory does not grow with the file.
package importer
