// Package store is the ledger: PostgreSQL with PostGIS. It opens the pools,
// migrates the schema, reads the catalogue, merges imports and asks questions.
//
// It is not where features are drawn or followed: package replica keeps the
// copy in memory, and package server speaks to browsers. Statements live in
// package sql; errors that leave here are of the kinds of package geo.
package store
