// Package cql reads filters written in a safe subset of CQL2 text (OGC 21-065r2)
// and decides with them which features are drawn: comparison, IN, BETWEEN, LIKE,
// IS NULL, AND, OR, NOT, dates. It knows neither SQL nor HTTP, calls no functions
// and looks at no geometry.
package cql
