package xlsx

import (
	"context"
	"errors"
	"slices"

	"yizhan/geo"
	"yizhan/importer/coords"
	"yizhan/importer/record"
	"yizhan/internal/lang"
)

// Open opens one sheet of a workbook (ECMA-376): the one that the options name,
// the only one with something in it, or the only one whose header names
// coordinates. Texts of the workbook are held in memory, rows are not.
func Open(ctx context.Context, in record.Input) (*record.File, error) {
	b, err := openWorkbook(in)
	if err != nil {
		return nil, err
	}
	f, err := b.open(ctx)
	if err != nil {
		return nil, errors.Join(err, b.file.Close())
	}
	return f, nil
}

// table is a sheet whose header is known.
type table struct {
	sheet
	header
	merged int // ranges of cells below the header
	notes  []lang.Label
}

func (b *workbook) open(ctx context.Context) (*record.File, error) {
	t, err := b.table(ctx)
	if err != nil {
		return nil, err
	}
	f := &record.File{Name: b.in.Name, Format: "XLSX", Tabular: true, Paths: []string{b.in.Path}, Size: b.size,
		Charset: "UTF-8", ByWhat: lang.Bothf("the encoding of XLSX"),
		Said: t.coords.Said, Notes: t.notes, Kinds: t.coords.Kinds(), Limits: b.in.Options.Limits}
	f.OnClose(b.file.Close)
	held := t.coords.Held()
	for i, name := range t.names {
		if !slices.Contains(held, i) {
			f.Fields = append(f.Fields, record.Field{Name: name})
		}
	}
	f.Decoder = func() record.Decoder { return newDecoder(t, b.in.Options.Limits) }
	f.Cutter = func(ctx context.Context, pace *record.Pace) (record.Cutter, error) {
		rows, err := b.rows(t.sheet)
		if err != nil {
			return nil, err
		}
		return &cutter{ctx: ctx, rows: rows, table: t, steps: record.NewSteps(pace, b.size),
			unpacked: int64(b.parts[t.part].UncompressedSize64)}, nil
	}
	return f, nil
}

// table is the sheet to read.
func (b *workbook) table(ctx context.Context) (table, error) {
	if b.in.Options.Inside != "" {
		return b.named(b.in.Options.Inside)
	}
	var filled lang.List
	var tables []table
	var first error
	for _, s := range b.sheets {
		if err := ctx.Err(); err != nil {
			return table{}, err
		}
		head, err := b.head(s)
		if err != nil {
			return table{}, err
		}
		if len(head.rows) == 0 {
			continue
		}
		filled = append(filled, record.ShortName(s.name))
		t, err := b.read(s, head)
		switch {
		case err == nil:
			tables = append(tables, t)
		case first == nil:
			first = err
		}
	}
	switch {
	case len(filled) == 0:
		return table{}, lang.Errorf("%s contains no data: all its sheets are empty: %w", b.in.Name, geo.ErrInvalid)
	case len(tables) == 0 && len(filled) == 1:
		return table{}, first
	case len(tables) == 0:
		return table{},
			lang.Errorf(
				"no sheet of %s has columns of coordinates (%s); name the sheet with --inside, and its columns with "+
					"--x "+
					"and --y: %w", b.in.Name, filled, geo.ErrInvalid)
	case len(tables) > 1:
		var names lang.List
		for _, t := range tables {
			names = append(names, record.ShortName(t.name))
		}
		return table{}, lang.Errorf("%s has several sheets with coordinates: %s; choose one with --inside: %w",
			b.in.Name, names, geo.ErrInvalid)
	}
	t := tables[0]
	if len(filled) > 1 {
		t.notes = append(t.notes, lang.Bothf("of the sheets %s only this one has coordinates", filled))
	}
	return t, nil
}

// named is the sheet of a name, to the letter or else regardless of case, width and spaces around.
func (b *workbook) named(name string) (table, error) {
	for _, same := range []func(string) bool{
		func(s string) bool { return s == name },
		func(s string) bool { return coords.Fold(s) == coords.Fold(name) },
	} {
		for _, s := range b.sheets {
			if !same(s.name) {
				continue
			}
			head, err := b.head(s)
			if err != nil {
				return table{}, err
			}
			return b.read(s, head)
		}
	}
	var names lang.List
	for _, s := range b.sheets {
		names = append(names, record.ShortName(s.name))
	}
	return table{}, lang.Errorf("%s has no sheet %q, only %s; name one of these with --inside: %w", b.in.Name, name,
		names, geo.ErrNotFound)
}

// read finds the header of a sheet and what the planner should know.
func (b *workbook) read(s sheet, head sheetHead) (table, error) {
	h, err := head.header(b.in.Options)
	if err != nil {
		return table{}, lang.Errorf("%s, sheet %q: %w", b.in.Name, s.name, err)
	}
	if p := h.coords; p.WKT >= 0 {
		for _, row := range head.sample(h)[:min(1, len(head.sample(h)))] {
			h.coords = p.ExpectSRID(row[p.WKT])
		}
	}
	t := table{sheet: s, header: h, merged: head.merges.below(h.last)}
	note := lang.Bothf("sheet %q: %s", s.name, h.where())
	if s.hidden {
		note = lang.Bothf("hidden sheet %q: %s", s.name, h.where())
	}
	t.notes = append(t.notes, note, h.coords.Note())
	if t.merged > 0 {
		t.notes = append(t.notes,
			lang.Bothf("%d ranges of merged cells in the data: only the first cell of each has a value", t.merged))
	}
	return t, nil
}
