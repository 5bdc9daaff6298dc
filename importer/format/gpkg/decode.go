package gpkg

import "yizhan/importer/record"

// decoder turns the cells of a row into a record.
type decoder struct {
	names  [][]byte
	limits record.Limits
}

// Decode fills the record, with every value even when the geometry is at fault.
func (d *decoder) Decode(data []byte, rec *record.Record) {
	rec.Shape.Reset()
	rec.Values, rec.Fault = rec.Values[:0], nil
	first, rest, ok := record.NextCell(data)
	switch {
	case !ok || first.Kind == record.TooLong:
		rec.Fault = &record.Fault{Reason: record.TooLarge}
	case first.Kind == record.Null:
		rec.Fault = &record.Fault{Reason: record.NoGeometry}
	case first.Kind != record.Text:
		rec.Fault = notGeoPackage()
	default:
		rec.Fault = parseBlob(first.Text, &rec.Shape, d.limits)
	}
	for _, name := range d.names {
		var c record.Cell
		if c, rest, ok = record.NextCell(rest); !ok {
			return
		}
		rec.Values = append(rec.Values, c.Value(name, rec))
	}
}
