package gpkg

import (
	"context"
	"database/sql"
	"io"
	"math"
	"strconv"
	"strings"

	"yizhan/importer/record"
	"yizhan/internal/lang"
)

// cutter reads rows into batches of cells, the geometry first.
type cutter struct {
	d       *Database
	ctx     context.Context
	rows    *sql.Rows
	cells   []any // a cell for each column
	batch   record.CellBatch
	batches int
	read    int64 // rows
	count   int64 // of the table
	steps   record.Steps
}

// cut starts the query. The context ends one that takes too long.
func (d *Database) cut(ctx context.Context, q query, count int64, steps record.Steps) (record.Cutter, error) {
	rows, err := d.QueryContext(ctx, q.text)
	if err != nil {
		return nil, d.Fault(ctx, err)
	}
	c := &cutter{d: d, ctx: ctx, rows: rows, count: count, steps: steps}
	c.cells = make([]any, 1+len(q.columns))
	for i := range c.cells {
		boolean := i > 0 && strings.EqualFold(q.columns[i-1].declared, "BOOLEAN")
		c.cells[i] = &cell{to: &c.batch, boolean: boolean}
	}
	return c, nil
}

// Next fills a batch with the next rows.
func (c *cutter) Next(batch *record.Batch) error {
	c.batch.Fill(batch, c.batches)
	for !c.batch.Full() && c.rows.Next() {
		c.batch.Begin()
		if err := c.rows.Scan(c.cells...); err != nil {
			return c.d.Fault(c.ctx, err)
		}
		if c.batch.Held() > c.d.in.Options.RecordBytes {
			c.batch.Spoil()
		}
		c.read++
		c.batch.Done(c.read)
	}
	if err := c.rows.Err(); err != nil {
		return lang.Errorf("after row %d: %w", c.read, c.d.Fault(c.ctx, err))
	}
	if len(batch.Spans) == 0 {
		c.steps.All()
		return io.EOF
	}
	c.batches++
	c.steps.To(c.read, c.count)
	return nil
}

// End has nothing to add.
func (c *cutter) End() record.End { return record.End{} }

// Close ends the query.
func (c *cutter) Close() error { return c.d.Fault(c.ctx, c.rows.Close()) }

// cell copies one column of a row from the database to the batch.
type cell struct {
	to      *record.CellBatch
	boolean bool
}

// Scan appends a value by its storage class (SQLite, datatypes, 2); booleans are
// stored as integers (OGC 12-128r18, table 1).
func (c *cell) Scan(value any) error {
	batch := c.to.Batch
	var digits [32]byte
	switch v := value.(type) {
	case nil:
		batch.Data = record.AppendCell(batch.Data, record.Null, nil)
	case int64:
		if c.boolean && (v == 0 || v == 1) {
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
		return lang.Errorf("a value has the unexpected type %T", value)
	}
	return nil
}

// appendDecimal writes the shortest digits that read back as the same number, without
// an exponent unless that would be too long.
func appendDecimal(b []byte, v float64) []byte {
	if size := math.Abs(v); size != 0 && (size < 1e-9 || size >= 1e21) {
		return strconv.AppendFloat(b, v, 'e', -1, 64)
	}
	return strconv.AppendFloat(b, v, 'f', -1, 64)
}
