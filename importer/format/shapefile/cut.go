package shapefile

import (
	"bufio"
	"context"
	"errors"
	"io"
	"math"
	"os"

	"yizhan/importer/record"
)

// cutter reads shapes and rows of attributes side by side. A record in a
// batch is the length of its shape in 4 bytes, the shape, and the row.
type cutter struct {
	*source
	ctx        context.Context
	files      []*os.File
	shapes     *os.File
	steps      record.Steps
	shp, dbf   *bufio.Reader // dbf is nil when there is no table
	index      *bufio.Reader // nil when shapes lie in order
	row        []byte
	at         int64 // of the next byte of shp in the .shp
	read       int64 // records of the .shp
	deleted    int64
	disordered int64
	batches    int
}

// tooLargeShape stands for the length of a shape that was left out.
const tooLargeShape = math.MaxUint32

// cutter begins a reading.
func (s *source) cutter(ctx context.Context, pace *record.Pace) (record.Cutter, error) {
	c := &cutter{source: s, ctx: ctx, at: shpHeaderBytes, steps: record.NewSteps(pace, s.size)}
	var err error
	if c.shapes, err = c.open(s.set.shp, shpHeaderBytes); err != nil {
		return nil, err
	}
	c.shp = bufio.NewReaderSize(c.shapes, record.BatchBytes)
	if s.table != nil {
		file, err := c.open(s.set.dbf, s.table.start)
		if err != nil {
			return nil, errors.Join(err, c.Close())
		}
		c.dbf, c.row = bufio.NewReaderSize(file, record.BatchBytes), make([]byte, s.table.width)
	}
	if s.indexed {
		file, err := s.openIndex()
		if err != nil {
			return nil, errors.Join(err, c.Close())
		}
		c.files, c.index = append(c.files, file), bufio.NewReader(file)
	}
	return c, nil
}

func (c *cutter) open(path string, at int64) (*os.File, error) {
	file, err := os.Open(path)
	if err != nil {
		return nil, c.set.in.Unreadable(err)
	}
	c.files = append(c.files, file)
	if _, err := file.Seek(at, io.SeekStart); err != nil {
		return nil, errors.Join(c.set.in.Unreadable(err), c.Close())
	}
	return file, nil
}

// Next fills a batch with the next records.
func (c *cutter) Next(b *record.Batch) error {
	b.Number, b.Data, b.Spans = c.batches, b.Data[:0], b.Spans[:0]
	for len(b.Data) < record.BatchBytes {
		if err := c.ctx.Err(); err != nil {
			return err
		}
		number, length, err := c.begin()
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			return err
		}
		if err := c.record(b, number, length); err != nil {
			return err
		}
	}
	if len(b.Spans) > 0 {
		c.batches++
		c.tell()
		return nil
	}
	if c.table != nil && c.read != c.table.rows {
		return c.set.mismatch(c.read, c.table.rows)
	}
	c.steps.All()
	return io.EOF
}

// tell says how far the reading has come.
func (c *cutter) tell() {
	switch {
	case c.indexed:
		c.steps.To(c.read, c.count)
	case c.table != nil:
		c.steps.Tell(c.at + c.table.start + c.read*int64(c.table.width))
	default:
		c.steps.Tell(c.at)
	}
}
