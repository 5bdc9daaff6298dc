// Package format reads survey files of every kind that comes in: it recognises a
// file, cuts it into records, and decodes a record to a shape and named values.
//
// It does not know layers, checks or PostgreSQL, and it moves no coordinate: a
// shape is as the file has it. Memory does not grow with the file, save where a
// format's own page says so and states a limit.
package format

import (
	"context"

	"yizhan/geo"
	"yizhan/internal/lang"
)

// Field is a column that a file declares before its records.
type Field struct {
	Name string // decoded
	Cut  bool   // the format cuts names, and this one is as long as it allows: more may have stood there
}

// Said is what a file says of its coordinates.
type Said struct {
	Where string // ".prj", "crs", "RFC 7946", "gpkg_spatial_ref_sys", …; "" when it says nothing
	Text  string // WKT, or a name such as "EPSG:4547" or "urn:ogc:def:crs:EPSG::4547"
}

// File is a survey file that was recognised. It can be read as often as wanted,
// several times at once. Close removes what was unpacked.
type File struct {
	Name    string     // as reports call it
	Format  string     // "GeoJSON", "CSV", "XLSX", "Shapefile", "GeoPackage", "DXF (ogr2ogr)", …
	Paths   []string   // the files that make it up, the main one first
	Size    int64      // bytes of the files at Paths
	Charset string     // of its texts: "UTF-8", "GB18030", …
	ByWhat  lang.Label // how Charset was decided
	Said    Said
	Fields  []Field      // nil where records name their own (GeoJSON)
	Notes   []lang.Label // what the planner should know: "the sheet 窨井; its header is row 3", …
	Kinds   []geo.Kind   // kinds of geometry that the file declares; nil when it declares none
	Count   int64        // records that the file declares; 0 when unknown
	Limits  Limits
	cutter  func(ctx context.Context, pace *Pace) (Cutter, error)
	decoder func() Decoder
	origin  []string // what came, where that is not Paths: the archive
	closers []func() error
}

// Cutter cuts a file into batches of records, in the order of the file. One goroutine uses it.
type Cutter interface {
	// Next fills an empty batch with one record or more; io.EOF after the last.
	// Any other error means that the file as a whole cannot be taken; it says where
	// (byte, row) and wraps geo.ErrInvalid when the file is at fault.
	Next(*Batch) error
	// End is what became known only by reading to the end.
	End() End
	Close() error
}

// End is what became known of a file by reading all of it.
type End struct {
	Said  *Said        // when the file said it behind its records
	Notes []lang.Label // such as «row 1,205 (合计) is a total and was left out»
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
	Position   int64 // 1 for the first record of the file, or the number of the row where rows are numbered (CSV, XLSX: as a spreadsheet shows it)
	Offset     int64 // of its first byte in the unpacked file; 0 where that says nothing
	Deep       bool  // nested deeper than the limit: not to be decoded
}

// BatchBytes is about how much a batch holds.
const BatchBytes = 256 << 10

// Decoder decodes records; one goroutine uses it.
type Decoder interface {
	// Decode fills the record from the bytes of one span. What it refers to is valid until the next call.
	Decode(data []byte, record *Record)
}

// Record is one feature as the file has it.
type Record struct {
	Shape  Shape
	Values []Value // in the order of the record
	Fault  *Fault  // first found in shape or structure; the values are there as far as they can be read
}

// Value is one attribute.
type Value struct {
	Name []byte
	Kind ValueKind
	Text []byte // UTF-8 where it could be decoded; of a number its digits as written; of a boolean true or false
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

// Fault is what is wrong with a record, by the importer's codes of reasons.
type Fault struct {
	Reason string // such as "bad_coordinates"
	Field  string
	Value  string // short
	Detail lang.Label
}

// Codes of faults that readers find.
const (
	NotFeature     = "not_a_feature"
	BadJSON        = "bad_json"
	BadRecord      = "bad_record"
	TooDeep        = "too_deep"
	TooLarge       = "too_large"
	NoGeometry     = "no_geometry"
	EmptyGeometry  = "empty_geometry"
	WrongKind      = "wrong_geometry_kind"
	BadCoordinates = "bad_coordinates"
	BadRing        = "bad_ring"
	BadText        = "bad_text"
	RepeatedField  = "repeated_field"
)

// Limits of what is read; the zero value of each stands for the default.
type Limits struct {
	RecordBytes   int   // of one record; default 32 MiB
	Depth         int   // arrays and objects within each other; default 100
	Vertices      int   // of one record; default 2,000,000
	FieldBytes    int   // default 1 MiB
	Columns       int   // default 2,000
	UnpackedBytes int64 // of an archive or a packed file, all together; default 8 GiB
	Entries       int   // of an archive; default 1,000
	WorkbookBytes int64 // of an XLSX file, which is read whole; default 64 MiB
}

// WithDefaults fills in what is zero.
func (l Limits) WithDefaults() Limits {
	set(&l.RecordBytes, 32<<20)
	set(&l.Depth, 100)
	set(&l.Vertices, 2_000_000)
	set(&l.FieldBytes, 1<<20)
	set(&l.Columns, 2000)
	set(&l.UnpackedBytes, 8<<30)
	set(&l.Entries, 1000)
	set(&l.WorkbookBytes, 64<<20)
	return l
}

func set[T int | int64](limit *T, standard T) {
	if *limit == 0 {
		*limit = standard
	}
}

func label(zh, en string) lang.Label { return lang.Label{ZH: zh, EN: en} }
