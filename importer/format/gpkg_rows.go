package format

import (
	"io"
	"math"
	"strconv"

	"yizhan/importer/record"
	"yizhan/internal/lang"
)

// Next fills a batch with the next rows.
func (c *gpkgCutter) Next(batch *record.Batch) error {
	c.batch.Fill(batch, c.batches)
	for !c.batch.Full() && c.rows.Next() {
		c.batch.Begin()
		if err := c.rows.Scan(c.cells...); err != nil {
			return c.fault(c.ctx, err)
		}
		if c.batch.Held() > c.in.Options.RecordBytes {
			c.batch.Spoil()
		}
		c.read++
		c.batch.Done(c.read)
	}
	if err := c.rows.Err(); err != nil {
		return lang.Errorf("behind row %d: %w", c.read, c.fault(c.ctx, err))
	}
	if len(batch.Spans) == 0 {
		c.steps.All()
		return io.EOF
	}
	c.batches++
	c.steps.To(c.read, c.count)
	return nil
}

// End knows nothing more.
func (c *gpkgCutter) End() record.End { return record.End{} }

// Close ends the query.
func (c *gpkgCutter) Close() error { return c.fault(c.ctx, c.rows.Close()) }

// gpkgCell takes one column of a row from the database into the batch.
type gpkgCell struct {
	cutter  *gpkgCutter
	boolean bool
}

// Scan appends a value as the storage class says (SQLite, datatypes, 2); booleans
// are integers (OGC 12-128r18, table 1).
func (g *gpkgCell) Scan(value any) error {
	batch := g.cutter.batch.Batch
	var digits [32]byte
	switch v := value.(type) {
	case nil:
		batch.Data = record.AppendCell(batch.Data, record.Null, nil)
	case int64:
		if g.boolean && (v == 0 || v == 1) {
			batch.Data = record.AppendTextCell(batch.Data, record.Boolean, strconv.FormatBool(v == 1))
			return nil
		}
		batch.Data = record.AppendCell(batch.Data, record.Number, strconv.AppendInt(digits[:0], v, 10))
	case float64:
		kind := record.Number
		if math.IsInf(v, 0) {
			kind = record.Text
		}
		batch.Data = record.AppendCell(batch.Data, kind, appendDecimal(digits[:0], v))
	case string:
		batch.Data = record.AppendTextCell(batch.Data, record.Text, v)
	case []byte:
		kind := record.Text
		if len(v) == 1 && v[0] == 0 {
			kind, v = record.TooLong, nil
		}
		batch.Data = record.AppendCell(batch.Data, kind, v)
	default:
		return lang.Errorf("a value of type %T cannot be taken", value)
	}
	return nil
}

// appendDecimal writes the shortest digits that give the number again, without an
// exponent where that is not too long.
func appendDecimal(b []byte, v float64) []byte {
	if size := math.Abs(v); size != 0 && (size < 1e-9 || size >= 1e21) {
		return strconv.AppendFloat(b, v, 'e', -1, 64)
	}
	return strconv.AppendFloat(b, v, 'f', -1, 64)
}

// gpkgDecoder turns the cells of a row to a record.
type gpkgDecoder struct {
	names  [][]byte
	limits record.Limits
}

// Decode fills the record; every value is there even when the geometry is at fault.
func (d *gpkgDecoder) Decode(data []byte, rec *record.Record) {
	rec.Shape.Reset()
	rec.Values, rec.Fault = rec.Values[:0], nil
	first, rest, ok := record.NextCell(data)
	switch {
	case !ok || first.Kind == record.TooLong:
		rec.Fault = &record.Fault{Reason: record.TooLarge}
	case first.Kind == record.Null:
		rec.Fault = &record.Fault{Reason: record.NoGeometry}
	case first.Kind != record.Text:
		rec.Fault = badGeometry("不是 GeoPackage 几何", "this is no geometry of a GeoPackage")
	default:
		rec.Fault = parseGeoPackageBlob(first.Text, &rec.Shape, d.limits)
	}
	for _, name := range d.names {
		var c record.Cell
		if c, rest, ok = record.NextCell(rest); !ok {
			return
		}
		rec.Values = append(rec.Values, c.Value(name, rec))
	}
}
