package shapefile

import (
	"bytes"
	"encoding/binary"
	"errors"
	"io"
	"os"

	"yizhan/geo"
	"yizhan/importer/charset"
	"yizhan/importer/record"
	"yizhan/internal/lang"
)

// dbfTable is the head of a dBASE table (dBASE III PLUS and IV, "Table File
// Structure"; Visual FoxPro's types are read too).
type dbfTable struct {
	in       record.Input
	size     int64
	start    int64 // byte of the first row
	width    int   // bytes of a row, its deletion mark included
	rows     int64
	language byte // "language driver id", byte 29
	fields   []dbfField
	charset  charset.Decoder
}

// dbfField is a column.
type dbfField struct {
	raw     []byte // name as the file has it
	name    []byte // decoded
	kind    byte   // C, N, F, D, L, I, B, O, @, T, M …
	at, end int    // of its bytes in a row
}

const (
	dbfHeadBytes  = 32 // of the file
	dbfFieldBytes = 32 // of a descriptor
	dbfNameBytes  = 11 // of a name, the NUL behind it included
	dbfEnd        = 0x0D
)

// readDBFHeader reads the head and the descriptors of fields.
func readDBFHeader(in record.Input, file *os.File) (*dbfTable, error) {
	stat, err := file.Stat()
	if err != nil {
		return nil, in.Unreadable(err)
	}
	head := make([]byte, dbfHeadBytes)
	if _, err := io.ReadFull(file, head); err != nil {
		return nil,
			in.Damaged(lang.Errorf("the header of a .dbf has %d bytes, but the file has only %d", dbfHeadBytes,
				stat.Size()))
	}
	t := &dbfTable{in: in, size: stat.Size(), language: head[29],
		rows:  int64(binary.LittleEndian.Uint32(head[4:])),
		start: int64(binary.LittleEndian.Uint16(head[8:])),
		width: int(binary.LittleEndian.Uint16(head[10:]))}
	if version := head[0]; version&7 == 4 || version == 2 { // dBASE 7 and II are laid out otherwise
		return nil, lang.Errorf("%s: dBASE version 0x%02X is not supported; save it as dBASE III or IV: %w", in.Name,
			version, geo.ErrInvalid)
	}
	switch {
	case t.start < dbfHeadBytes || t.start > t.size:
		return nil, in.Damaged(lang.Errorf("its header states that rows begin at byte %d of %d", t.start, t.size))
	case t.width < 1:
		return nil, in.Damaged(errors.New("its header says that rows have no bytes"))
	case t.width > in.Options.RecordBytes:
		return nil, lang.Errorf("%s: a row has %d bytes; rows are read up to %d bytes; delete some columns: %w",
			in.Name, t.width, in.Options.RecordBytes, geo.ErrInvalid)
	case t.rows*int64(t.width) > t.size-t.start:
		return nil,
			in.Damaged(lang.Errorf("its header states %d rows of %d bytes, but the file has room for %d", t.rows,
				t.width, (t.size-t.start)/int64(t.width)))
	}
	descriptors := make([]byte, t.start-dbfHeadBytes)
	if _, err := io.ReadFull(file, descriptors); err != nil {
		return nil, in.Unreadable(err)
	}
	return t, t.readFields(descriptors)
}

// readFields reads the descriptors: name, type, and length of each field.
func (t *dbfTable) readFields(b []byte) error {
	var lengths, long []int // long: with the decimals of a text as the high byte of its length, as Clipper has it
	sum, longSum := 1, 1
	for ; len(b) >= dbfFieldBytes && b[0] != dbfEnd; b = b[dbfFieldBytes:] {
		raw, _, _ := bytes.Cut(b[:dbfNameBytes], []byte{0})
		f := dbfField{raw: bytes.TrimRight(raw, " "), kind: b[11]}
		length := int(b[16])
		more := length
		if f.kind == 'C' {
			more += int(b[17]) << 8
		}
		t.fields = append(t.fields, f)
		lengths, long = append(lengths, length), append(long, more)
		sum, longSum = sum+length, longSum+more
	}
	if sum != t.width && longSum == t.width {
		lengths, sum = long, longSum
	}
	limits := t.in.Options
	switch {
	case sum > t.width:
		return t.in.Damaged(lang.Errorf("its fields add up to %d bytes, but its rows have %d", sum, t.width))
	case len(t.fields) > limits.Columns:
		return lang.Errorf("%s has %d fields; tables are read up to %d fields; delete some: %w", t.in.Name,
			len(t.fields), limits.Columns, geo.ErrInvalid)
	}
	at := 1
	for i, length := range lengths {
		if length > limits.FieldBytes {
			return lang.Errorf("%s: field %d has %d bytes; fields are read up to %d bytes; delete it: %w", t.in.Name,
				i+1, length, limits.FieldBytes, geo.ErrInvalid)
		}
		t.fields[i].at, t.fields[i].end = at, at+length
		at += length
	}
	return nil
}

// columns drops the fields that are not read: memos lie in another file, and the rest is of no known type.
func (t *dbfTable) columns() (left []dbfField) {
	var kept []dbfField
	for _, f := range t.fields {
		switch {
		case f.readable():
			kept = append(kept, f)
		case f.kind != '0': // _NullFlags of Visual FoxPro
			left = append(left, f)
		}
	}
	t.fields = kept
	return left
}

func (f dbfField) readable() bool {
	switch f.kind {
	case 'C', 'N', 'F', 'D', 'L':
		return true
	case 'I':
		return f.end-f.at == 4
	case 'B', 'O', '@', 'T':
		return f.end-f.at == 8
	}
	return false
}
