package format

import (
	"io"
	"math"
	"strconv"

	"yizhan/internal/lang"
)

// Next fills a batch with the next rows.
func (c *gpkgCutter) Next(batch *Batch) error {
	c.batch.next(batch, c.batches)
	for !c.batch.full() && c.rows.Next() {
		c.batch.begin()
		if err := c.rows.Scan(c.cells...); err != nil {
			return c.fault(c.ctx, err)
		}
		if len(batch.Data)-c.batch.start > c.in.options.RecordBytes {
			batch.Data = appendCell(batch.Data[:c.batch.start], tooLong, nil)
		}
		c.read++
		c.batch.done(c.read)
	}
	if err := c.rows.Err(); err != nil {
		return lang.Errorf("behind row %d: %w", c.read, c.fault(c.ctx, err))
	}
	if len(batch.Spans) == 0 {
		c.steps.all()
		return io.EOF
	}
	c.batches++
	c.steps.to(c.read, c.count)
	return nil
}

// End knows nothing more.
func (c *gpkgCutter) End() End { return End{} }

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
		batch.Data = appendCell(batch.Data, Null, nil)
	case int64:
		if g.boolean && (v == 0 || v == 1) {
			batch.Data = appendTextCell(batch.Data, Boolean, strconv.FormatBool(v == 1))
			return nil
		}
		batch.Data = appendCell(batch.Data, Number, strconv.AppendInt(digits[:0], v, 10))
	case float64:
		kind := Number
		if math.IsInf(v, 0) {
			kind = Text
		}
		batch.Data = appendCell(batch.Data, kind, appendDecimal(digits[:0], v))
	case string:
		batch.Data = appendTextCell(batch.Data, Text, v)
	case []byte:
		kind := Text
		if len(v) == 1 && v[0] == 0 {
			kind, v = tooLong, nil
		}
		batch.Data = appendCell(batch.Data, kind, v)
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

// steps tells the pace how far a reading has come that is not done byte by byte.
type steps struct {
	pace *Pace
	size int64 // bytes of the file
	told *int64
}

func newSteps(pace *Pace, size int64) steps { return steps{pace: pace, size: size, told: new(int64)} }

// to says that done of all the rows are read.
func (s steps) to(done, all int64) {
	if all <= 0 || done < 0 {
		return
	}
	s.tell(int64(float64(s.size) * min(1, float64(done)/float64(all))))
}

// all says that the end is reached.
func (s steps) all() { s.tell(s.size) }

func (s steps) tell(bytes int64) {
	if bytes > *s.told {
		s.pace.Read.Add(bytes - *s.told)
		*s.told = bytes
	}
}

// gpkgDecoder turns the cells of a row to a record.
type gpkgDecoder struct {
	names  [][]byte
	limits Limits
}

// Decode fills the record; every value is there even when the geometry is at fault.
func (d *gpkgDecoder) Decode(data []byte, record *Record) {
	record.Shape.Reset()
	record.Values, record.Fault = record.Values[:0], nil
	first, rest, ok := nextCell(data)
	switch {
	case !ok || first.kind == tooLong:
		record.Fault = &Fault{Reason: TooLarge}
	case first.kind == Null:
		record.Fault = &Fault{Reason: NoGeometry}
	case first.kind != Text:
		record.Fault = badGeometry("不是 GeoPackage 几何", "this is no geometry of a GeoPackage")
	default:
		record.Fault = parseGeoPackageBlob(first.text, &record.Shape, d.limits)
	}
	for _, name := range d.names {
		var c cell
		if c, rest, ok = nextCell(rest); !ok {
			return
		}
		record.Values = append(record.Values, cellValue(name, c, record))
	}
}
