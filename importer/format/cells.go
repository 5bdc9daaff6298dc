package format

import (
	"encoding/binary"
	"unicode/utf8"
)

// cell is one value of a record in a batch. Readers of tables (workbooks,
// GeoPackages) write a record as its cells in the order of the columns, each a byte
// for its kind, the length of its text as a varint, and the text.
type cell struct {
	kind ValueKind
	text []byte // valid as long as the record
}

// tooLong stands for a value beyond the limit, in place of its kind.
const tooLong ValueKind = 255

// appendCell adds a cell to a record.
func appendCell(record []byte, kind ValueKind, text []byte) []byte {
	record = append(record, byte(kind))
	record = binary.AppendUvarint(record, uint64(len(text)))
	return append(record, text...)
}

// appendTextCell is appendCell of a text that is a string.
func appendTextCell(record []byte, kind ValueKind, text string) []byte {
	record = append(record, byte(kind))
	record = binary.AppendUvarint(record, uint64(len(text)))
	return append(record, text...)
}

// nextCell reads the first cell of a record; ok is false at its end.
func nextCell(record []byte) (c cell, rest []byte, ok bool) {
	if len(record) == 0 {
		return cell{}, nil, false
	}
	n, width := binary.Uvarint(record[1:])
	rest = record[1:]
	if width <= 0 || n > uint64(len(rest)-width) {
		return cell{}, nil, false
	}
	rest = rest[width:]
	return cell{kind: ValueKind(record[0]), text: rest[:n:n]}, rest[n:], true
}

// cellValue is the value that a cell of the named column gives a record. The first
// fault of a record stays.
func cellValue(name []byte, c cell, record *Record) Value {
	v := Value{Name: name, Kind: c.kind, Text: c.text}
	switch {
	case c.kind == tooLong:
		v.Kind = Null
		fail(record, &Fault{Reason: TooLarge, Field: string(name),
			Detail: label("这一项的内容太长", "this value is too long")})
	case c.kind == Text && !utf8.Valid(c.text):
		fail(record, &Fault{Reason: BadText, Field: string(name),
			Detail: label("文字不是 UTF-8", "the text is not UTF-8")})
	}
	return v
}

// fail keeps the first fault of a record.
func fail(record *Record, fault *Fault) {
	if record.Fault == nil {
		record.Fault = fault
	}
}

// cellBatch fills batches with records of cells. The record under way ends with
// done or is taken back with undo.
type cellBatch struct {
	*Batch
	start int
}

// begin starts a record; the limit is on its bytes.
func (b *cellBatch) begin() { b.start = len(b.Data) }

func (b *cellBatch) done(position int64) {
	b.Spans = append(b.Spans, Span{Start: b.start, End: len(b.Data), Position: position})
}

// full says that the batch holds as much as one should.
func (b *cellBatch) full() bool { return len(b.Data) >= BatchBytes }

// next makes an emptied batch the one to fill, as number n of the file.
func (b *cellBatch) next(to *Batch, n int) {
	to.Number, to.Data, to.Spans = n, to.Data[:0], to.Spans[:0]
	b.Batch, b.start = to, 0
}
