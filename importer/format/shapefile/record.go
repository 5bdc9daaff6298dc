package shapefile

import (
	"encoding/binary"
	"errors"
	"io"
	"slices"

	"yizhan/geo"
	"yizhan/importer/record"
	"yizhan/internal/lang"
)

// begin reads the next record's number and the length of its content in bytes (ESRI, table 3).
func (c *cutter) begin() (number int64, length int64, err error) {
	declared := int64(-1)
	switch {
	case c.index != nil:
		if declared, err = c.seek(); err != nil {
			return 0, 0, err
		}
	case c.at == c.head.end:
		return 0, 0, io.EOF
	}
	var b [shpRecordHead]byte
	if c.at+shpRecordHead > c.head.end {
		return 0, 0, c.breaksOff()
	}
	if _, err := io.ReadFull(c.shp, b[:]); err != nil {
		return 0, 0, c.unread(err)
	}
	number = int64(int32(binary.BigEndian.Uint32(b[:])))
	length = 2 * int64(int32(binary.BigEndian.Uint32(b[4:])))
	switch {
	case length < 0 || c.at+shpRecordHead+length > c.head.end:
		return 0, 0, c.breaksOff()
	case declared >= 0 && declared != length:
		return 0, 0,
			lang.Errorf(
				"%s: record %d has %d bytes at byte %d of the .shp, but %d by the .shx; they do not belong together; "+
					"remove the .shx: %w",
				c.set.in.Name, c.read+1, length, c.at, declared, geo.ErrInvalid)
	}
	c.at += shpRecordHead
	c.read++
	return number, length, nil
}

// seek goes to the record that the .shx names next and returns the length it gives.
func (c *cutter) seek() (length int64, err error) {
	at, length, err := readIndexEntry(c.index)
	if err != nil {
		return 0, err // io.EOF behind the last; its length was checked before
	}
	if at != c.at {
		if _, err := c.shapes.Seek(at, io.SeekStart); err != nil {
			return 0, c.unread(err)
		}
		c.shp.Reset(c.shapes)
		c.at = at
	}
	return length, nil
}

// record adds one to the batch, its head being read. A deleted row ('*' in its first
// byte) takes its shape with it. Beyond the last row, records are only counted.
func (c *cutter) record(b *record.Batch, number, length int64) error {
	kept := true
	if c.table != nil {
		if c.read > c.table.rows {
			return c.discard(length)
		}
		if _, err := io.ReadFull(c.dbf, c.row); err != nil {
			return c.unread(lang.Errorf("the .dbf: %w", err))
		}
		kept = c.row[0] != '*'
	}
	if number != c.read {
		c.disordered++
	}
	if !kept {
		c.deleted++
		return c.discard(length)
	}
	span := record.Span{Start: len(b.Data), Position: number, Offset: c.at - shpRecordHead}
	if number < 1 {
		span.Position = c.read
	}
	if length+int64(len(c.row)) > int64(c.limits.RecordBytes) {
		b.Data = binary.LittleEndian.AppendUint32(b.Data, tooLargeShape)
		if err := c.discard(length); err != nil {
			return err
		}
	} else {
		b.Data = binary.LittleEndian.AppendUint32(b.Data, uint32(length))
		at := len(b.Data)
		b.Data = slices.Grow(b.Data, int(length))[:at+int(length)]
		if _, err := io.ReadFull(c.shp, b.Data[at:]); err != nil {
			return c.unread(err)
		}
		c.at += length
	}
	b.Data = append(b.Data, c.row...)
	span.End = len(b.Data)
	b.Spans = append(b.Spans, span)
	return nil
}

func (c *cutter) discard(length int64) error {
	for c.at += length; length > 0; {
		n, err := c.shp.Discard(int(min(length, 1<<20)))
		if err != nil {
			return c.unread(err)
		}
		length -= int64(n)
	}
	return nil
}

// breaksOff is the error of a record that does not lie within the file.
func (c *cutter) breaksOff() error {
	return c.set.in.Damaged(lang.Errorf("record %d, at byte %d of the .shp, extends beyond its end at byte %d",
		c.read+1, c.at, c.head.end))
}

// unread is the error of bytes that were there when the file was opened.
func (c *cutter) unread(err error) error {
	if errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF) {
		err = errors.New("it has become shorter while it was read")
	}
	return lang.Errorf("record %d: %w", c.read, c.set.in.Unreadable(err))
}

// End tells of deleted rows and of numbers that are out of order.
func (c *cutter) End() record.End {
	var end record.End
	if n := c.deleted; n > 0 {
		end.Notes = append(end.Notes, lang.Bothf("skipped %d deleted rows", n))
	}
	if n := c.disordered; n > 0 {
		end.Notes = append(end.Notes,
			lang.Bothf("%d records are not numbered in order; attributes were matched in the order of the file", n))
	}
	return end
}

// Close closes the files.
func (c *cutter) Close() error {
	var all error
	for _, file := range c.files {
		all = errors.Join(all, file.Close())
	}
	c.files = nil
	return all
}
