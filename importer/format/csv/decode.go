package csv

import (
	"bytes"
	"unicode/utf8"

	"golang.org/x/text/encoding"
	"golang.org/x/text/encoding/simplifiedchinese"

	"yizhan/importer/charset"
	"yizhan/importer/record"
	"yizhan/internal/lang"
)

var _ record.Table = (*decoder)(nil)

// decoder decodes the rows of a table. One goroutine uses it.
type decoder struct {
	table   *table
	charset *encoding.Decoder // nil when the rows are in UTF-8
	text    []byte            // a row in UTF-8
	cells   [][]byte
	plain   []byte // cells without their quotation marks
}

func newDecoder(t *table) *decoder {
	d := &decoder{table: t}
	if t.text.gb {
		d.charset = charset.GB18030().From
	}
	return d
}

func gbEncoder() *encoding.Encoder { return simplifiedchinese.GB18030.NewEncoder() }

// Decode fills the record from one row: a value for every column that is an
// attribute, missing cells as null.
func (d *decoder) Decode(data []byte, rec *record.Record) {
	cells, n, extra := d.cut(data)
	rec.Values, rec.Fault = rec.Values[:0], nil
	if extra {
		rec.Fault = &record.Fault{Reason: record.BadRecord,
			Detail: lang.Bothf("row has %d cells, header has %d", n, len(d.table.columns))}
	}
	most := d.table.limits.FieldBytes
	for i := range d.table.columns {
		column := &d.table.columns[i]
		if column.place || column.ignored {
			continue
		}
		value := record.Value{Name: column.name}
		if i < len(cells) && len(bytes.TrimSpace(cells[i])) > 0 {
			value.Kind, value.Text = record.Text, cells[i]
		}
		if len(value.Text) > most {
			if rec.Fault == nil {
				rec.Fault = &record.Fault{Reason: record.TooLarge, Field: string(column.name),
					Value: record.Short(value.Text), Detail: lang.Bothf("the cell has more than %d bytes", most)}
			}
			value.Text = nil
			value.Kind = record.Null
		}
		rec.Values = append(rec.Values, value)
	}
	if rec.Fault == nil {
		rec.Fault = d.badText(cells)
	}
	fault := d.table.coords.Shape(cells, &rec.Shape, d.table.limits.Vertices)
	if rec.Fault == nil {
		rec.Fault = fault
	}
}

// cut splits a row into cells in UTF-8, as many as the header has.
func (d *decoder) cut(data []byte) (cells [][]byte, n int, extra bool) {
	if d.charset != nil && !charset.ASCII(data) {
		data = d.recode(data)
	}
	d.cells, d.plain, n, extra = d.table.dialect.split(data, d.cells, d.plain, len(d.table.columns))
	return d.cells, n, extra
}

// recode returns GB18030 as UTF-8, which takes three bytes at most for one or two;
// what is not GB18030 becomes U+FFFD.
func (d *decoder) recode(data []byte) []byte {
	if need := 3*len(data) + utf8.UTFMax; cap(d.text) < need {
		d.text = make([]byte, need)
	}
	d.charset.Reset()
	n, _, _ := d.charset.Transform(d.text[:cap(d.text)], data, true)
	return d.text[:n]
}

// badText is the fault of the first cell that could not be decoded.
func (d *decoder) badText(cells [][]byte) *record.Fault {
	recoded := d.charset != nil || d.table.text.recode != nil
	for i, cell := range cells {
		if charset.ASCII(cell) || utf8.Valid(cell) && !(recoded && bytes.Contains(cell, []byte("\uFFFD"))) {
			continue
		}
		return &record.Fault{Reason: record.BadText, Field: string(d.table.columns[i].name),
			Value: record.Short(cell), Detail: lang.Bothf("not valid %s", d.table.text.charset)}
	}
	return nil
}

// Cells is a row of delimited values.
func (d *decoder) Cells(data []byte) (names, cells []string) {
	row, _, _ := d.cut(data)
	for i, c := range d.table.columns {
		if c.ignored {
			continue
		}
		text := ""
		if i < len(row) {
			text = string(row[i])
		}
		names, cells = append(names, string(c.name)), append(cells, text)
	}
	return names, cells
}
