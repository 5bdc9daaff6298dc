package store

import (
	"encoding/binary"
	"io"
	"math"

	"yizhan/geo"
	"yizhan/importer"
)

// copySink encodes rows as tuples of COPY's binary format (PostgreSQL documentation,
// COPY, "Binary Format") and writes them to the stream.
type copySink struct {
	columns []importer.Column
	w       io.Writer
}

// Signature, flags and header extension of the format; and its trailer.
const (
	copyHeader  = "PGCOPY\n\xff\r\n\x00\x00\x00\x00\x00\x00\x00\x00\x00"
	copyTrailer = "\xff\xff"
)

// Encode appends position, geometry and columns of one row.
func (s *copySink) Encode(b []byte, row *importer.Row) []byte {
	b = binary.BigEndian.AppendUint16(b, uint16(2+len(s.columns)))
	b = appendInt8(b, row.Position)
	b = appendBytes(b, row.Geometry)
	for i, c := range s.columns {
		if row.Null(i) {
			b = binary.BigEndian.AppendUint32(b, math.MaxUint32) // length -1
			continue
		}
		switch c.Type {
		case geo.Integer:
			b = appendInt8(b, row.Integer(i))
		case geo.Number:
			b = appendInt8(b, int64(math.Float64bits(row.Number(i))))
		case geo.Boolean:
			bit := byte(0)
			if row.Boolean(i) {
				bit = 1
			}
			b = appendBytes(b, []byte{bit})
		default:
			b = appendBytes(b, row.Text(i))
		}
	}
	return b
}

func appendInt8(b []byte, v int64) []byte {
	b = binary.BigEndian.AppendUint32(b, 8)
	return binary.BigEndian.AppendUint64(b, uint64(v))
}

func appendBytes(b, v []byte) []byte {
	b = binary.BigEndian.AppendUint32(b, uint32(len(v)))
	return append(b, v...)
}

// Write passes encoded rows on.
func (s *copySink) Write(rows []byte) error {
	_, err := s.w.Write(rows)
	return err
}
