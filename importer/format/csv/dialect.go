package csv

import (
	"bytes"
)

// dialect is how a table in text is written: RFC 4180, with any delimiter, LF, CR
// or CRLF. A quotation mark counts only where a cell begins; within a cell, and
// behind the closing mark, it is text.
type dialect struct {
	delimiter string // "" when the table has one column
}

// quotedEnd finds the end of a record with quotation marks from its beginning: the
// place of its line break, or the length of the data. open says that a quotation
// is not closed there.
func (d dialect) quotedEnd(data []byte, at int) (end int, open bool) {
	for {
		if at < len(data) && data[at] == '"' {
			if at, open = closing(data, at+1); open {
				return len(data), true
			}
		}
		stop := d.cellEnd(data, at)
		if stop == len(data) || !d.delimits(data[stop:]) {
			return stop, false
		}
		at = stop + len(d.delimiter)
	}
}

// closing returns the place behind the quotation mark that closes a cell; two marks are one of the text.
func closing(data []byte, at int) (end int, open bool) {
	for {
		next := bytes.IndexByte(data[at:], '"')
		if next < 0 {
			return len(data), true
		}
		if at += next + 1; at == len(data) || data[at] != '"' {
			return at, false
		}
		at++
	}
}

// cellEnd is the place of the next delimiter or line break.
func (d dialect) cellEnd(data []byte, at int) int {
	for ; at < len(data); at++ {
		if c := data[at]; c == '\n' || c == '\r' || d.delimits(data[at:]) {
			return at
		}
	}
	return at
}

func (d dialect) delimits(data []byte) bool {
	return d.delimiter != "" && data[0] == d.delimiter[0] &&
		(len(d.delimiter) == 1 || bytes.HasPrefix(data, []byte(d.delimiter)))
}

// blank is whether a record holds nothing but delimiters and spaces.
func (d dialect) blank(record []byte) bool { return len(d.filled(record)) == 0 }

// filled is a record from the first byte that is neither delimiter nor space.
func (d dialect) filled(record []byte) []byte {
	for len(record) > 0 {
		switch {
		case d.delimits(record):
			record = record[len(d.delimiter):]
		case record[0] == ' ' || record[0] == '\t':
			record = record[1:]
		default:
			return record
		}
	}
	return record
}

// split cuts a record into its cells, no more than most; their text is in the
// record, or in scratch where marks are taken out. It returns the number of cells
// that the record has, and whether one beyond the first most is filled.
func (d dialect) split(record []byte, cells [][]byte, scratch []byte, most int) (kept [][]byte, plain []byte, n int,
	extra bool) {
	kept, plain = cells[:0], scratch[:0]
	if cap(plain) < len(record) && bytes.IndexByte(record, '"') >= 0 {
		plain = make([]byte, 0, len(record)+len(record)/2)
	}
	for at := 0; ; n++ {
		var cell []byte
		if at < len(record) && record[at] == '"' {
			cell, plain, at = d.quoted(record, plain, at+1)
		} else {
			end := d.next(record, at)
			cell, at = record[at:end], end
		}
		if len(cell) > 1 && cell[0] == '\'' && (cell[1] == '=' || cell[1] == '+' || cell[1] == '-' ||
			cell[1] == '@') {
			cell = cell[1:] // a formula that an export made harmless
		}
		if n < most {
			kept = append(kept, cell)
		} else {
			extra = extra || len(bytes.TrimSpace(cell)) > 0
		}
		if at >= len(record) {
			return kept, plain, n + 1, extra
		}
		at += len(d.delimiter)
	}
}

// next is the place of the next delimiter in a record, or its length.
func (d dialect) next(record []byte, at int) int {
	end := -1
	switch len(d.delimiter) {
	case 0:
	case 1:
		end = bytes.IndexByte(record[at:], d.delimiter[0])
	default:
		end = bytes.Index(record[at:], []byte(d.delimiter))
	}
	if end < 0 {
		return len(record)
	}
	return at + end
}

// quoted reads a cell whose quotation mark stands before a place.
func (d dialect) quoted(record, plain []byte, at int) (cell, scratch []byte, end int) {
	stop, open := closing(record, at)
	text := record[at:stop]
	if !open {
		text = text[:len(text)-1]
	}
	end = d.next(record, stop)
	if end == stop && bytes.IndexByte(text, '"') < 0 {
		return text, plain, end
	}
	start := len(plain)
	for i := 0; i < len(text); i++ {
		plain = append(plain, text[i])
		if text[i] == '"' {
			i++ // of a pair
		}
	}
	plain = append(plain, record[stop:end]...)
	return plain[start:len(plain):len(plain)], plain, end
}
