package csv

import (
	"bytes"
	"context"
	"errors"
	"io"

	"yizhan/geo"
	"yizhan/importer/record"
	"yizhan/internal/lang"
)

// cutter cuts a table into its rows by bytes, without decoding them: none of
// the trail bytes of UTF-8 and GB18030 is a quotation mark, a line break or one of
// the delimiters that it is used with.
type cutter struct {
	dialect
	ctx    context.Context
	r      io.ReadCloser
	name   string // of the file
	limit  int    // bytes of a row
	skip   int64  // rows up to the header
	totals *totals
	placed bool // offsets are those of the file

	rest    []byte // read and not yet handed over
	base    int64  // offset of its first byte
	row     int64  // last one, as a spreadsheet counts: title, header and empty rows too
	number  int    // of the next batch
	eof     bool
	afterCR bool  // a line feed that comes next belongs to the row before
	failed  error // to be returned after the rows before it

	lf, cr, quote int // next place of each from the row at hand on; -1 when not looked for
}

// Next fills a batch with rows that are neither empty nor totals.
func (c *cutter) Next(b *record.Batch) error {
	data := append(b.Data[:0], c.rest...)
	b.Spans = b.Spans[:0]
	for {
		if err := c.ctx.Err(); err != nil {
			return err
		}
		if c.failed != nil {
			return c.failed
		}
		if !c.eof {
			if data, c.failed = c.fill(data); c.failed != nil {
				return c.failed
			}
		}
		used := c.scan(data, b)
		if len(b.Spans) > 0 {
			b.Number, b.Data = c.number, data[:used]
			c.number++
			c.rest = append(c.rest[:0], data[used:]...)
			c.base += int64(used)
			return nil
		}
		data = data[:copy(data, data[used:])]
		c.base += int64(used)
		c.rest = c.rest[:0]
		if c.failed == nil && c.eof && len(data) == 0 {
			return io.EOF
		}
	}
}

// fill reads on: to a full batch, or, when one row needs more than that, to twice what there is.
func (c *cutter) fill(data []byte) ([]byte, error) {
	start := len(data)
	size := record.BatchBytes
	if start >= record.BatchBytes/2 {
		size = 2 * start
	}
	size = min(size, max(c.limit, record.BatchBytes)+2)
	size = max(size, start+1)
	if cap(data) < size {
		data = append(make([]byte, 0, size), data...)
	}
	n, err := io.ReadFull(c.r, data[start:size])
	data = data[:start+n]
	switch {
	case errors.Is(err, io.EOF), errors.Is(err, io.ErrUnexpectedEOF) && !errors.Is(err, geo.ErrInvalid):
		c.eof = true
	case errors.Is(err, geo.ErrInvalid):
		return data, lang.Errorf("after row %d: %w", c.row, err)
	case err != nil:
		return data, lang.Errorf("%s could not be read after row %d (%v); get a fresh copy: %w",
			c.name, c.row, err, geo.ErrInvalid)
	}
	return data, nil
}

// scan books the rows in the data and returns how much of it is used up.
func (c *cutter) scan(data []byte, b *record.Batch) int {
	c.lf, c.cr, c.quote = -1, -1, -1
	at := 0
	for at < len(data) {
		if c.afterCR {
			c.afterCR = false
			if data[at] == '\n' {
				at++
				continue
			}
		}
		end, open := c.end(data, at)
		switch {
		case end-at > c.limit:
			c.failed = lang.Errorf("%s is larger than %d bytes; check it for a missing quotation mark, or split "+
				"it: %w",
				c.where(at), c.limit, geo.ErrInvalid)
			return at
		case end == len(data) && !c.eof:
			return at
		case open:
			c.failed = lang.Errorf("%s has a quotation mark that is never closed; close or remove it: %w",
				c.where(at), geo.ErrInvalid)
			return at
		}
		c.row++
		if rec := data[at:end]; c.row > c.skip && !c.blank(rec) && !c.totals.is(rec, c.row) {
			span := record.Span{Start: at, End: end, Position: c.row}
			if c.placed {
				span.Offset = c.base + int64(at)
			}
			b.Spans = append(b.Spans, span)
		}
		at = end
		if at < len(data) {
			c.afterCR = data[at] == '\r'
			at++
		}
	}
	return at
}

// where names the row at a place of the data, which comes next.
func (c *cutter) where(at int) lang.Label {
	if !c.placed {
		return lang.Bothf("row %d of %s", c.row+1, c.name)
	}
	return lang.Bothf("row %d of %s, at byte %d,", c.row+1, c.name, c.base+int64(at))
}

// end finds the end of the row at a place. Most rows have no quotation mark: the
// next line break is theirs, and it is looked for once.
func (c *cutter) end(data []byte, at int) (end int, open bool) {
	look(data, at, '\n', &c.lf)
	look(data, at, '\r', &c.cr)
	look(data, at, '"', &c.quote)
	end = min(c.lf, c.cr)
	if c.quote >= end {
		return end, false
	}
	return c.quotedEnd(data, at)
}

// look keeps the next place of a byte, or the length of the data.
func look(data []byte, at int, c byte, next *int) {
	if *next >= at {
		return
	}
	found := bytes.IndexByte(data[at:], c)
	if found < 0 {
		*next = len(data)
		return
	}
	*next = at + found
}

// End is which rows were left out as totals.
func (c *cutter) End() record.End { return record.End{Notes: c.totals.notes()} }

// Close ends the reading.
func (c *cutter) Close() error { return c.r.Close() }
