package format

import (
	"bytes"
	"context"
	"io"
	"os"

	"yizhan/geo"
	"yizhan/internal/lang"
)

// csvTable is a table in text whose dialect, header and columns are known. It does
// not change once it is open, so any number of readings share it.
type csvTable struct {
	in      input
	text    tableText
	dialect dialect
	header  int64 // its row, counted from 1
	columns []csvColumn
	places  places
	limits  Limits
}

// csvColumn is one column of the header.
type csvColumn struct {
	name    []byte
	place   bool // holds coordinates, and is no attribute
	ignored bool // was added by our own list of rejected rows
}

// openCSV recognises a table in text: delimited values with a header row and
// columns of coordinates. Encoding, delimiter, header and coordinates are decided
// by the options or by the first MiB; what was decided is in the notes.
func openCSV(ctx context.Context, in input) (*File, error) {
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	info, err := os.Stat(in.path)
	if err != nil {
		return nil, in.unreadable(err)
	}
	head, whole, err := in.readHead()
	if err != nil {
		return nil, err
	}
	text, err := in.tableTextOf(head, whole)
	if err != nil {
		return nil, err
	}
	t := &csvTable{in: in, text: text, limits: in.options.WithDefaults()}
	notes, err := t.recognise(text.utf8(head), whole)
	if err != nil {
		return nil, err
	}
	f := &File{
		Name: in.name, Format: "CSV", Paths: []string{in.path}, Size: info.Size(),
		Charset: text.charset, ByWhat: text.how, Said: t.places.said,
		Kinds: t.places.kinds(), Notes: notes, Limits: t.limits,
		cutter:  t.cutter,
		decoder: func() Decoder { return newCSVDecoder(t) },
	}
	if t.dialect.delimiter == "\t" {
		f.Format = "TSV"
	}
	for _, c := range t.columns {
		if !c.place && !c.ignored {
			f.Fields = append(f.Fields, Field{Name: string(c.name)})
		}
	}
	return f, nil
}

// recognise finds dialect, header and columns in the head, which is UTF-8.
func (t *csvTable) recognise(head []byte, whole bool) ([]lang.Label, error) {
	if bytes.IndexByte(head, 0) >= 0 {
		return nil, lang.Errorf("%s holds a zero byte within its first texts, so it is no table in %s; save it as CSV in UTF-8, or name its encoding with --encoding: %w", t.in.name, t.text.charset, geo.ErrInvalid)
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
	if t.places, err = choosePlaces(names, sample, t.in.options); err != nil {
		return nil, lang.Errorf("%s (its header is row %d): %w", t.in.name, t.header, err)
	}
	for _, i := range t.places.columns() {
		t.columns[i].place = true
	}
	for _, r := range sample {
		if t.places.wkt >= 0 && len(cellAt(r, t.places.wkt)) > 0 {
			t.places = t.places.expectSRID(r[t.places.wkt])
			break
		}
	}
	return append(t.describe(), append(notes, t.places.note())...), nil
}

// describe notes a header that is not the first row, and a delimiter other than the format's.
func (t *csvTable) describe() []lang.Label {
	var notes []lang.Label
	if t.header > 1 {
		row := grouped(t.header)
		notes = append(notes, label("表头在第 "+row+" 行", "its header is row "+row))
	}
	if d := t.dialect.delimiter; d != "," && d != "\t" && d != "" {
		notes = append(notes, label("分隔符是“"+d+"”", "its delimiter is "+d))
	}
	return notes
}

// cutter begins a reading behind the header.
func (t *csvTable) cutter(ctx context.Context, pace *Pace) (Cutter, error) {
	r, err := t.text.open(t.in, pace)
	if err != nil {
		return nil, err
	}
	c := t.cut(ctx, r)
	c.skip, c.totals = t.header, newCSVTotals(t)
	if c.placed = t.text.recode == nil; c.placed {
		c.base = int64(t.text.mark)
	}
	return c, nil
}

func (t *csvTable) cut(ctx context.Context, r io.ReadCloser) *csvCutter {
	return &csvCutter{dialect: t.dialect, ctx: ctx, r: r, name: t.in.name, limit: t.limits.RecordBytes}
}
