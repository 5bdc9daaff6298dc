// Package record is what a reader of files is given and what it gives: an Input,
// and a File that is cut into batches and decoded, record by record, to a shape and
// named values. What is wrong with a record is a Fault, for one of the reasons that
// are listed here.
//
// It does not know formats, layers or PostgreSQL, and it moves no coordinate: a
// shape is as the file has it.
package record

import "yizhan/internal/lang"

// Cutter cuts a file into batches of records, in the order of the file. One goroutine uses it.
type Cutter interface {
	// Next replaces the content of a batch with one record or more; io.EOF after the last.
	// Any other error means that the whole file cannot be imported; it says where (byte,
	// row) and wraps geo.ErrInvalid when the file is at fault.
	Next(*Batch) error
	// End is what became known only by reading to the end.
	End() End
	Close() error
}

// End is what became known by reading the whole file.
type End struct {
	Said  *Said        // when the file states it after its records
	Notes []lang.Label // such as "skipped row 1,205: it is a total (合计)"
}

// Batch is a run of records. Batches are used again.
type Batch struct {
	Number int    // 0 for the first of the file
	Data   []byte // of the records
	Spans  []Span
}

// Span is where one record lies in a batch, and where it came from.
type Span struct {
	Start, End int
	// Position is 1 for the first record of the file; of a table, the number of the row as
	// a spreadsheet shows it.
	Position int64
	Offset   int64 // of its first byte in the unpacked file; 0 where that is meaningless
	Deep     bool  // nested deeper than the limit: not to be decoded
}

// BatchBytes is about how much a batch holds.
const BatchBytes = 256 << 10

// Decoder decodes records; one goroutine uses it.
type Decoder interface {
	// Decode fills the record from the bytes of one span, valid until the next call.
	Decode(data []byte, record *Record)
}

// Record is one feature as the file has it.
type Record struct {
	Shape  Shape
	Values []Value // in the order of the record
	Fault  *Fault  // the first in shape or structure; values are kept as far as they can be read
}

// Fail keeps the first fault of a record.
func (r *Record) Fail(fault *Fault) {
	if r.Fault == nil {
		r.Fault = fault
	}
}

// Value is one attribute.
type Value struct {
	Name []byte
	Kind ValueKind
	Text []byte // UTF-8 where it could be decoded; a number as it is written; true or false
}

// ValueKind is how a value stands in the file.
type ValueKind uint8

// Kinds of values: no value, text, a number, true or false, and a nested structure as JSON.
const (
	Null ValueKind = iota
	Text
	Number
	Boolean
	Nested
)
