package csv

import (
	"bytes"
	"context"
	"io"
	"os"

	"yizhan/geo"
	"yizhan/importer/coords"
	"yizhan/importer/record"
	"yizhan/internal/lang"
)

// table is a table in text whose dialect, header and columns are known. It does
// not change once it is open, so any number of readings share it.
type table struct {
	in      record.Input
	text    tableText
	dialect dialect
	header  int64 // its row, counted from 1
	columns []column
	coords  coords.Columns
	limits  record.Limits
}

// column is one column of the header.
type column struct {
	name    []byte
	place   bool // holds coordinates, and is not an attribute
	ignored bool // was added by our own list of rejected rows
}

// Open recognises a table in text: delimited values with a header row and
// columns of coordinates. Encoding, delimiter, header and coordinates are decided
// by the options or by the first MiB; what was decided is in the notes.
func Open(ctx context.Context, in record.Input) (*record.File, error) {
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	info, err := os.Stat(in.Path)
	if err != nil {
		return nil, in.Unreadable(err)
	}
	head, whole, err := readHead(in)
	if err != nil {
		return nil, err
	}
	text, err := tableTextOf(in, head, whole)
	if err != nil {
		return nil, err
	}
	t := &table{in: in, text: text, limits: in.Options.WithDefaults()}
	notes, err := t.recognise(text.utf8(head), whole)
	if err != nil {
		return nil, err
	}
	f := &record.File{
		Name: in.Name, Format: "CSV", Tabular: true, Paths: []string{in.Path}, Size: info.Size(),
		Charset: text.charset, ByWhat: text.how, Said: t.coords.Said,
		Kinds: t.coords.Kinds(), Notes: notes, Limits: t.limits,
		Cutter:  t.cutter,
		Decoder: func() record.Decoder { return newDecoder(t) },
	}
	if t.dialect.delimiter == "\t" {
		f.Format = "TSV"
	}
	for _, c := range t.columns {
		if !c.place && !c.ignored {
			f.Fields = append(f.Fields, record.Field{Name: string(c.name)})
		}
	}
	return f, nil
}

// recognise finds dialect, header and columns in the head, which is UTF-8.
func (t *table) recognise(head []byte, whole bool) ([]lang.Label, error) {
	if bytes.IndexByte(head, 0) >= 0 {
		return nil, lang.Errorf("%s contains a zero byte near its beginning, so it is not a table in %s; "+
			"save it as CSV in UTF-8, or specify its encoding with --encoding: %w",
			t.in.Name, t.text.charset, geo.ErrInvalid)
	}
	rows, header, err := t.guess(head, whole)
	if err != nil {
		return nil, err
	}
	if d := t.dialect.delimiter; d == "|" || d == "，" {
		t.text = t.text.recoded()
	}
	t.header = rows[header].row
	below := rows[header+1:]
	names, notes, err := t.nameColumns(rows[header].cells, below)
	if err != nil {
		return nil, err
	}
	sample := make([][][]byte, len(below))
	for i, r := range below {
		sample[i] = r.cells
	}
	if t.coords, err = coords.Choose(names, sample, t.in.Options); err != nil {
		return nil, lang.Errorf("%s (its header is row %d): %w", t.in.Name, t.header, err)
	}
	for _, i := range t.coords.Held() {
		t.columns[i].place = true
	}
	for _, r := range sample {
		if t.coords.WKT >= 0 && len(coords.CellAt(r, t.coords.WKT)) > 0 {
			t.coords = t.coords.ExpectSRID(r[t.coords.WKT])
			break
		}
	}
	return append(t.describe(), append(notes, t.coords.Note())...), nil
}

// describe notes a header that is not the first row, and a delimiter other than the format's.
func (t *table) describe() []lang.Label {
	var notes []lang.Label
	if t.header > 1 {
		notes = append(notes, lang.Bothf("its header is row %s", lang.Thousands(t.header)))
	}
	if d := t.dialect.delimiter; d != "," && d != "\t" && d != "" {
		notes = append(notes, lang.Bothf("its delimiter is %s", d))
	}
	return notes
}

// cutter begins a reading behind the header.
func (t *table) cutter(ctx context.Context, pace *record.Pace) (record.Cutter, error) {
	r, err := t.text.open(t.in, pace)
	if err != nil {
		return nil, err
	}
	c := t.cut(ctx, r)
	c.skip, c.totals = t.header, newTotals(t)
	if c.placed = t.text.recode == nil; c.placed {
		c.base = int64(t.text.mark)
	}
	return c, nil
}

func (t *table) cut(ctx context.Context, r io.ReadCloser) *cutter {
	return &cutter{dialect: t.dialect, ctx: ctx, r: r, name: t.in.Name, limit: t.limits.RecordBytes}
}
