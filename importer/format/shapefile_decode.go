package format

import "encoding/binary"

// shapefileDecoder decodes records of a set. One goroutine uses it.
type shapefileDecoder struct {
	limits Limits
	shape  shapeReader
	dbf    *dbfDecoder // nil when there is no table
}

func (s *shapefileSource) decoder() Decoder {
	d := &shapefileDecoder{limits: s.limits}
	if s.table != nil {
		d.dbf = s.table.decoder()
	}
	return d
}

// Decode fills the record; every value is there even when the shape is at fault.
func (d *shapefileDecoder) Decode(data []byte, record *Record) {
	record.Shape.Reset()
	record.Values, record.Fault = record.Values[:0], nil
	if len(data) < 4 {
		record.Fault = shortShape()
		return
	}
	length := binary.LittleEndian.Uint32(data)
	row := data[4:]
	switch {
	case length == tooLargeShape:
		record.Fault = &Fault{Reason: TooLarge, Detail: label("图形太大", "the shape is too large")}
	case int64(length) > int64(len(row)):
		record.Fault = shortShape()
		return
	default:
		record.Fault = d.shape.read(row[:length], &record.Shape, d.limits.Vertices)
		row = row[length:]
	}
	if d.dbf != nil {
		d.dbf.decode(row, record)
	}
}
