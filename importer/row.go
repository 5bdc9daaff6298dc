package importer

import "yizhan/geo"

// Column is a column that a file may fill.
type Column struct {
	geo.Field
	Least, Most int64 // of an integer column; both 0 means those of int8
	MaxLength   int   // in characters, of a text column; 0 means any
}

// Target is the layer that rows are checked against.
type Target struct {
	Layer   geo.Layer
	Columns []Column
	Multi   bool // single geometries become multiple ones
}

// value is one parsed attribute; exactly one member counts, by the column's type.
type value struct {
	present bool // a property of that name stood in the feature
	null    bool
	text    []byte
	integer int64
	number  float64
	boolean bool
}

// Row is a feature that passed the checks. It is valid only during the call that it is given to.
type Row struct {
	Position int64
	Geometry []byte // EWKB, little-endian, SRID 4326
	values   []value
}

// Null reports whether column i has no value.
func (r *Row) Null(i int) bool { return r.values[i].null }

// Text, Integer, Number and Boolean return the value of column i, which has that
// type; dates and times are ISO 8601 text.
func (r *Row) Text(i int) []byte    { return r.values[i].text }
func (r *Row) Integer(i int) int64  { return r.values[i].integer }
func (r *Row) Number(i int) float64 { return r.values[i].number }
func (r *Row) Boolean(i int) bool   { return r.values[i].boolean }

// Sink takes the rows.
type Sink interface {
	// Encode appends a row in the sink's own form; it is called on several goroutines at once.
	Encode(dst []byte, row *Row) []byte
	// Write takes encoded rows, one call at a time, in no particular order.
	Write(rows []byte) error
}
