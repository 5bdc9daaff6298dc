package importer

import (
	"yizhan/geo"
	"yizhan/importer/crs"
)

// Column is a column that a file may fill.
type Column struct {
	geo.Field
	Least, Most int64    // of an integer column; both 0 means those of int8
	Limit       float64  // absolute values of a number column are below it; 0 means any finite number
	Exact       bool     // a number column that keeps the digits as written: Row.Text has them
	MaxLength   int      // in characters, of a text column; 0 means any
	Values      []string // admissible values of the column's type, where it lists them
}

// Target is the layer that rows are checked against.
type Target struct {
	Layer   geo.Layer
	Columns []Column
	Multi   bool              // single geometries become multiple ones
	Mapping map[string]string // columns by the file's field, where the planner said so; "" leaves a field out
	City    *crs.Box          // degrees within which features lie; nil for anywhere
}

// value is one parsed attribute; which member counts depends on the column's type.
type value struct {
	present bool // a property of that name stood in the feature
	null    bool
	unread  bool // something stood there that could not be read
	boolean bool
	rank    rank   // how well that name named the column
	name    string // the property's
	offset  int32
	integer int64
	number  float64
	text    []byte
}

// Row is a feature that passed the checks. It is valid only during the call that it is given to.
type Row struct {
	Position int64  // 1 for the first feature of the file, or the number of the row where rows have numbers
	Offset   int64  // of its first byte in the unpacked file
	Geometry []byte // EWKB, little-endian, of the SRID given to the run
	values   []value
}

// Null reports whether column i has no value.
func (r *Row) Null(i int) bool { return r.values[i].null }

// Text is the value of a text column, or the digits of an exact number.
func (r *Row) Text(i int) []byte { return r.values[i].text }

// Integer is the value of an integer column.
func (r *Row) Integer(i int) int64 { return r.values[i].integer }

// Number is the value of a number column.
func (r *Row) Number(i int) float64 { return r.values[i].number }

// Boolean is the value of a boolean column.
func (r *Row) Boolean(i int) bool { return r.values[i].boolean }

// Day is the value of a date column in days since 1970-01-01.
func (r *Row) Day(i int) int64 { return r.values[i].integer }

// Moment is the value of a time column in microseconds since 1970-01-01 UTC, and
// how many seconds the clock that it was written by is ahead of UTC.
func (r *Row) Moment(i int) (micros int64, ahead int32) {
	return r.values[i].integer, r.values[i].offset
}

// Present reports whether the feature had column i, be it without a value.
func (r *Row) Present(i int) bool { return r.values[i].present }

// Sink takes the rows.
type Sink interface {
	// Encode appends a row in the sink's own form; it is called on several goroutines at once.
	Encode(dst []byte, row *Row) []byte
	// Write takes encoded rows, one call at a time, in the order of the file.
	Write(rows []byte) error
}
