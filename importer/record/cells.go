package record

import (
	"encoding/binary"
	"unicode/utf8"

	"yizhan/internal/lang"
)

// Cell is one value of a record in a batch. Readers of tables (workbooks,
// GeoPackages) write a record as its cells in the order of the columns, each a byte
// for its kind, the length of its text as a varint, and the text.
type Cell struct {
	Kind ValueKind
	Text []byte // valid as long as the record
}

// TooLong stands for a value beyond the limit, in place of its kind.
const TooLong ValueKind = 255

// AppendCell adds a cell to a record.
func AppendCell(record []byte, kind ValueKind, text []byte) []byte {
	record = append(record, byte(kind))
	record = binary.AppendUvarint(record, uint64(len(text)))
	return append(record, text...)
}

// AppendTextCell is AppendCell of a text that is a string.
func AppendTextCell(record []byte, kind ValueKind, text string) []byte {
	record = append(record, byte(kind))
	record = binary.AppendUvarint(record, uint64(len(text)))
	return append(record, text...)
}

// NextCell reads the first cell of a record; ok is false at its end.
func NextCell(record []byte) (c Cell, rest []byte, ok bool) {
	if len(record) == 0 {
		return Cell{}, nil, false
	}
	n, width := binary.Uvarint(record[1:])
	rest = record[1:]
	if width <= 0 || n > uint64(len(rest)-width) {
		return Cell{}, nil, false
	}
	rest = rest[width:]
	return Cell{Kind: ValueKind(record[0]), Text: rest[:n:n]}, rest[n:], true
}

// Value is what a cell of the named column gives a record. The first fault of a
// record stays.
func (c Cell) Value(name []byte, record *Record) Value {
	v := Value{Name: name, Kind: c.Kind, Text: c.Text}
	switch {
	case c.Kind == TooLong:
		v.Kind = Null
		record.Fail(&Fault{Reason: TooLarge, Field: string(name),
			Detail: lang.Bothf("this value is too long")})
	case c.Kind == Text && !utf8.Valid(c.Text):
		record.Fail(&Fault{Reason: BadText, Field: string(name),
			Detail: lang.Bothf("the text is not UTF-8")})
	}
	return v
}

// CellBatch fills batches with records of cells.
type CellBatch struct {
	*Batch
	start int
}

// Begin starts a record.
func (b *CellBatch) Begin() { b.start = len(b.Data) }

// Held is the size in bytes of the record that was begun.
func (b *CellBatch) Held() int { return len(b.Data) - b.start }

// Spoil replaces the record that was begun by the mark of one that is too long.
func (b *CellBatch) Spoil() { b.Data = AppendCell(b.Data[:b.start], TooLong, nil) }

// Done ends the record.
func (b *CellBatch) Done(position int64) {
	b.Spans = append(b.Spans, Span{Start: b.start, End: len(b.Data), Position: position})
}

// Full reports whether the batch holds as much as one should.
func (b *CellBatch) Full() bool { return len(b.Data) >= BatchBytes }

// Fill empties a batch and makes it the one to fill, as number n of the file.
func (b *CellBatch) Fill(to *Batch, n int) {
	to.Number, to.Data, to.Spans = n, to.Data[:0], to.Spans[:0]
	b.Batch, b.start = to, 0
}
