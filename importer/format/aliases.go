package format

import "yizhan/importer/record"

// Names of package record, which callers still use by these.
type (
	Options   = record.Options
	File      = record.File
	Limits    = record.Limits
	Record    = record.Record
	Batch     = record.Batch
	Shape     = record.Shape
	Span      = record.Span
	Pace      = record.Pace
	Table     = record.Table
	ValueKind = record.ValueKind
	Value     = record.Value
	Field     = record.Field
	Fault     = record.Fault
	End       = record.End
	Cutter    = record.Cutter
	Decoder   = record.Decoder
	Said      = record.Said
)

// Kinds of values.
const (
	Null    = record.Null
	Text    = record.Text
	Number  = record.Number
	Boolean = record.Boolean
	Nested  = record.Nested
)
