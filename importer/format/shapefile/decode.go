package shapefile

import (
	"encoding/binary"

	"yizhan/importer/record"
	"yizhan/internal/lang"
)

// decoder decodes records of a set. One goroutine uses it.
type decoder struct {
	limits record.Limits
	shape  shapeReader
	dbf    *dbfDecoder // nil when there is no table
}

func (s *source) decoder() record.Decoder {
	d := &decoder{limits: s.limits}
	if s.table != nil {
		d.dbf = s.table.decoder()
	}
	return d
}

// Decode fills the record; every value is there even when the shape is at fault.
func (d *decoder) Decode(data []byte, rec *record.Record) {
	rec.Shape.Reset()
	rec.Values, rec.Fault = rec.Values[:0], nil
	if len(data) < 4 {
		rec.Fault = shortShape()
		return
	}
	length := binary.LittleEndian.Uint32(data)
	row := data[4:]
	switch {
	case length == tooLargeShape:
		rec.Fault = &record.Fault{Reason: record.TooLarge, Detail: lang.Bothf("the shape is too large")}
	case int64(length) > int64(len(row)):
		rec.Fault = shortShape()
		return
	default:
		rec.Fault = d.shape.read(row[:length], &rec.Shape, d.limits.Vertices)
		row = row[length:]
	}
	if d.dbf != nil {
		d.dbf.decode(row, rec)
	}
}
