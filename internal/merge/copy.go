package merge

import (
	"encoding/binary"
	"io"
	"math"

	"yizhan/importer"
)

// copySink encodes rows as tuples of COPY's binary format (PostgreSQL documentation,
// COPY, "Binary Format") and writes them to the stream.
type copySink struct {
	forms []wireForm // by column
	w     io.Writer
}

// wireForm appends the value of column i as a length and the bytes of its type.
type wireForm func(b []byte, row *importer.Row, i int) []byte

// Signature, flags and header extension of the format; and its trailer.
const (
	copyHeader  = "PGCOPY\n\xff\r\n\x00\x00\x00\x00\x00\x00\x00\x00\x00"
	copyTrailer = "\xff\xff"
)

// The epoch of PostgreSQL's dates and times, 2000-01-01, after 1970-01-01.
const (
	epochDays   = 10957
	epochMicros = epochDays * 86400 * 1_000_000
)

// wireForms are the types that are sent in their own binary form, by pg_type.typname.
func wireForms() map[string]wireForm {
	return map[string]wireForm{
		"int2": func(b []byte, row *importer.Row, i int) []byte {
			return binary.BigEndian.AppendUint16(length(b, 2), uint16(row.Integer(i)))
		},
		"int4": func(b []byte, row *importer.Row, i int) []byte {
			return binary.BigEndian.AppendUint32(length(b, 4), uint32(row.Integer(i)))
		},
		"int8": func(b []byte, row *importer.Row, i int) []byte { return appendInt8(b, row.Integer(i)) },
		"float4": func(b []byte, row *importer.Row, i int) []byte {
			return binary.BigEndian.AppendUint32(length(b, 4), math.Float32bits(float32(row.Number(i))))
		},
		"float8": func(b []byte, row *importer.Row, i int) []byte {
			return appendInt8(b, int64(math.Float64bits(row.Number(i))))
		},
		"bool": func(b []byte, row *importer.Row, i int) []byte {
			if row.Boolean(i) {
				return append(length(b, 1), 1)
			}
			return append(length(b, 1), 0)
		},
		"date": func(b []byte, row *importer.Row, i int) []byte {
			return binary.BigEndian.AppendUint32(length(b, 4), uint32(row.Day(i)-epochDays))
		},
		"timestamptz": func(b []byte, row *importer.Row, i int) []byte {
			micros, _ := row.Moment(i)
			return appendInt8(b, micros-epochMicros)
		},
		"timestamp": func(b []byte, row *importer.Row, i int) []byte { // as the clock showed
			micros, ahead := row.Moment(i)
			return appendInt8(b, micros+int64(ahead)*1_000_000-epochMicros)
		},
		"text": appendText, "varchar": appendText, "bpchar": appendText,
	}
}

func newCopySink(t *target, w io.Writer) *copySink {
	s := &copySink{w: w}
	known := wireForms()
	for _, c := range t.columns {
		form, ok := known[c.base]
		if !ok {
			form = appendText
		}
		s.forms = append(s.forms, form)
	}
	return s
}

// Encode appends place, geometry and columns of one row.
func (s *copySink) Encode(b []byte, row *importer.Row) []byte {
	b = binary.BigEndian.AppendUint16(b, uint16(3+len(s.forms)))
	b = appendInt8(b, row.Position)
	b = appendInt8(b, row.Offset)
	b = append(length(b, len(row.Geometry)), row.Geometry...)
	for i, form := range s.forms {
		if row.Null(i) {
			b = binary.BigEndian.AppendUint32(b, math.MaxUint32) // length -1
			continue
		}
		b = form(b, row, i)
	}
	return b
}

func length(b []byte, n int) []byte { return binary.BigEndian.AppendUint32(b, uint32(n)) }

func appendInt8(b []byte, v int64) []byte {
	return binary.BigEndian.AppendUint64(length(b, 8), uint64(v))
}

func appendText(b []byte, row *importer.Row, i int) []byte {
	text := row.Text(i)
	return append(length(b, len(text)), text...)
}

// Write passes encoded rows on.
func (s *copySink) Write(rows []byte) error {
	_, err := s.w.Write(rows)
	return err
}
