package xlsx

import (
	"bytes"
	"encoding/xml"
	"errors"
	"io"
	"math"
	"strconv"
	"strings"

	"yizhan/geo"
	"yizhan/importer/record"
	"yizhan/internal/lang"
)

// sheetRows reads the rows of a sheet one after another (ECMA-376-1, 18.3.1.80).
type sheetRows struct {
	*xmlStream
	book *workbook
	row  sheetRow
	ends bool
}

// sheetRow is a row as it is read; it is overwritten by the next.
type sheetRow struct {
	number int         // as a spreadsheet shows it
	cells  []sheetCell // by column, the first is A
	texts  []byte
}

// sheetCell is a cell. Kind is Null where it is blank.
type sheetCell struct {
	kind     record.ValueKind
	text     []byte
	wrong    bool // an error such as #N/A
	rounded  bool // a whole number of more digits than a spreadsheet keeps
	unsolved bool // a formula without its value
}

// clone is the row for keeping.
func (r *sheetRow) clone() sheetRow {
	kept := sheetRow{number: r.number, cells: append([]sheetCell(nil), r.cells...)}
	for i := range kept.cells {
		kept.cells[i].text = bytes.Clone(kept.cells[i].text)
	}
	return kept
}

// blank says whether there is nothing but space in all cells.
func (r *sheetRow) blank() bool {
	for _, c := range r.cells {
		if !c.blank() {
			return false
		}
	}
	return true
}

func (c sheetCell) blank() bool {
	return !c.wrong && (c.kind == record.Null || strings.TrimSpace(string(c.text)) == "")
}

// at is the cell of a column.
func (r *sheetRow) at(column int) sheetCell {
	if column < len(r.cells) {
		return r.cells[column]
	}
	return sheetCell{}
}

func (b *workbook) rows(s sheet) (*sheetRows, error) {
	x, err := b.stream(b.parts[s.part])
	if err != nil {
		return nil, err
	}
	return &sheetRows{xmlStream: x, book: b}, nil
}

// next is the next row that is written, even when it is blank; io.EOF behind the last.
func (s *sheetRows) next() (*sheetRow, error) {
	for !s.ends {
		token, err := s.token()
		if err != nil {
			return nil, s.cut(err)
		}
		switch t := token.(type) {
		case xml.StartElement:
			if t.Name.Local == "row" {
				return &s.row, s.read(t)
			}
		case xml.EndElement:
			s.ends = t.Name.Local == "sheetData"
		}
	}
	return nil, io.EOF
}

// cut is the error of a sheet that ends before its rows do.
func (s *sheetRows) cut(err error) error {
	if errors.Is(err, io.EOF) {
		return s.in.Damaged(lang.Errorf("%s ends after row %d", s.name, s.row.number))
	}
	return err
}

const lastRow, lastColumn = 1048576, 16384

func (s *sheetRows) read(e xml.StartElement) error {
	number := s.row.number + 1
	if r := attribute(e, "r"); r != "" {
		n, err := strconv.Atoi(r)
		if err != nil || n < 1 || n > lastRow {
			return s.in.Damaged(lang.Errorf("%s has a row numbered %.20q", s.name, r))
		}
		number = n
	}
	if number > lastRow {
		return s.in.Damaged(lang.Errorf("%s has more than %d rows", s.name, lastRow))
	}
	s.row = sheetRow{number: number, cells: s.row.cells[:0], texts: s.row.texts[:0]}
	column := -1
	for {
		token, err := s.token()
		if err != nil {
			return s.cut(err)
		}
		switch t := token.(type) {
		case xml.StartElement:
			if t.Name.Local == "c" {
				if column, err = s.cell(t, column+1); err != nil {
					return err
				}
			}
		case xml.EndElement:
			if t.Name.Local == "row" {
				return nil
			}
		}
	}
}

// cell reads one cell (ECMA-376-1, 18.3.1.4) and returns its column.
func (s *sheetRows) cell(e xml.StartElement, column int) (int, error) {
	if r := attribute(e, "r"); r != "" {
		var ok bool
		if column, _, ok = cellAddress(r); !ok {
			return 0, s.in.Damaged(lang.Errorf("%s has a cell at %.20q", s.name, r))
		}
	}
	var c sheetCell
	value, formula, err := s.content(&c)
	if err != nil {
		return 0, err
	}
	style, err := strconv.Atoi(attribute(e, "s"))
	if err != nil || style < 0 || style >= len(s.book.dates) {
		style = -1
	}
	if err := s.solve(&c, attribute(e, "t"), value, style); err != nil {
		return 0, err
	}
	c.unsolved = formula && c.kind == record.Null && !c.wrong
	if c.kind == record.Null && !c.wrong && !c.unsolved {
		return column, nil
	}
	if most := s.in.Options.Columns; column >= most {
		return 0,
			lang.Errorf("%s: row %d has a value in column %d; tables are read up to column %d; delete some columns: %w",
				s.in.Name, s.row.number, column+1, most, geo.ErrInvalid)
	}
	for len(s.row.cells) <= column {
		s.row.cells = append(s.row.cells, sheetCell{})
	}
	s.row.cells[column] = c
	return column, nil
}

// content reads up to the end of a cell: its value, whether there is a formula, and
// a text that stands in the cell itself.
func (s *sheetRows) content(c *sheetCell) (value []byte, formula bool, err error) {
	start, inValue := len(s.row.texts), false
	for {
		token, err := s.token()
		if err != nil {
			return nil, false, s.cut(err)
		}
		switch t := token.(type) {
		case xml.StartElement:
			switch t.Name.Local {
			case "v":
				inValue = true
			case "f":
				formula = true
			case "is":
				if s.row.texts, err = s.item(s.row.texts[:start], "is"); err != nil {
					return nil, false, err
				}
				c.text = s.row.texts[start:]
			}
		case xml.CharData:
			if inValue {
				s.row.texts = append(s.row.texts, t...)
			}
		case xml.EndElement:
			switch t.Name.Local {
			case "v":
				inValue = false
			case "c":
				if len(s.row.texts) > s.in.Options.RecordBytes {
					return nil, false, lang.Errorf("%s: row %d has more than %d bytes; shorten it: %w", s.in.Name,
						s.row.number, s.in.Options.RecordBytes, geo.ErrInvalid)
				}
				return s.row.texts[start:], formula, nil
			}
		}
	}
}

// solve turns the value of a cell to kind and text, by its type (ECMA-376-1, 18.18.11).
func (s *sheetRows) solve(c *sheetCell, kind string, value []byte, style int) error {
	if len(value) == 0 {
		return nil
	}
	c.kind, c.text = record.Text, value
	switch kind {
	case "s":
		n, err := strconv.Atoi(strings.TrimSpace(string(value)))
		if err != nil || n < 0 || n >= len(s.book.shared) {
			return s.in.Damaged(lang.Errorf("row %d refers to text %.20q of %d", s.row.number, value,
				len(s.book.shared)))
		}
		c.text = s.book.shared[n]
	case "inlineStr":
	case "str":
		c.text = plainXString(value)
	case "b":
		c.kind, c.text = record.Boolean, []byte(strconv.FormatBool(string(value) == "1" || string(value) == "true"))
	case "e":
		*c = sheetCell{wrong: true}
	case "d":
		c.text = []byte(strings.TrimSuffix(strings.Replace(strings.TrimSuffix(string(value), "Z"), "T", " ", 1),
			" 00:00:00"))
	default:
		s.number(c, style)
	}
	if len(c.text) == 0 {
		c.kind = record.Null
	}
	return nil
}

// number reads a number: a date where the style says so, otherwise its digits as
// they are stored, or all of them where they stand in scientific form and are exact.
func (s *sheetRows) number(c *sheetCell, style int) {
	v, err := strconv.ParseFloat(string(c.text), 64)
	if err != nil {
		return
	}
	c.kind = record.Number
	if style >= 0 && s.book.dates[style] != noDate {
		if date := dateOf(v, s.book.dates[style], s.book.from1904); date != "" {
			c.kind, c.text = record.Text, []byte(date)
			return
		}
	}
	const exact = 1 << 53 // whole numbers below are doubles
	const kept = 1e15     // a spreadsheet keeps 15 digits
	whole := v == math.Trunc(v)
	if whole && math.Abs(v) < exact && strings.ContainsAny(string(c.text), "eE") {
		c.text = strconv.AppendFloat(nil, v, 'f', -1, 64)
	}
	c.rounded = whole && math.Abs(v) >= kept
}

// cellAddress reads a reference such as AB12: column from 0, row from 1.
func cellAddress(ref string) (column, row int, ok bool) {
	at := 0
	for ; at < len(ref) && at < 4; at++ {
		letter := ref[at] &^ 0x20
		if letter < 'A' || letter > 'Z' {
			break
		}
		column = column*26 + int(letter-'A') + 1
	}
	row, err := strconv.Atoi(ref[at:])
	return column - 1, row, err == nil && at > 0 && column <= lastColumn && row >= 1 && row <= lastRow
}
