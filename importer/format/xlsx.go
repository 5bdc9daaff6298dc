package format

import (
	"context"
	"errors"
	"slices"
	"strconv"
	"strings"

	"yizhan/geo"
	"yizhan/internal/lang"
)

// openXLSX opens one sheet of a workbook (ECMA-376): the one that the options name,
// the only one with something in it, or the only one whose header names
// coordinates. Texts of the workbook are held in memory, rows are not.
func openXLSX(ctx context.Context, in input) (*File, error) {
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

// xlsxTable is a sheet whose header is known.
type xlsxTable struct {
	xlsxSheet
	header
	merged int // ranges of cells below the header
	notes  []lang.Label
}

func (b *workbook) open(ctx context.Context) (*File, error) {
	t, err := b.table(ctx)
	if err != nil {
		return nil, err
	}
	f := &File{Name: b.in.name, Format: "XLSX", Paths: []string{b.in.path}, Size: b.size,
		Charset: "UTF-8", ByWhat: label("XLSX 的规定", "as XLSX is"),
		Said: t.places.said, Notes: t.notes, Kinds: t.places.kinds(), Limits: b.in.options.Limits,
		closers: []func() error{b.file.Close}}
	held := t.places.columns()
	for i, name := range t.names {
		if !slices.Contains(held, i) {
			f.Fields = append(f.Fields, Field{Name: name})
		}
	}
	f.decoder = func() Decoder { return newXLSXDecoder(t, b.in.options.Limits) }
	f.cutter = func(ctx context.Context, pace *Pace) (Cutter, error) {
		rows, err := b.rows(t.xlsxSheet)
		if err != nil {
			return nil, err
		}
		return &xlsxCutter{ctx: ctx, rows: rows, table: t, steps: newSteps(pace, b.size), unpacked: int64(b.parts[t.part].UncompressedSize64)}, nil
	}
	return f, nil
}

// table is the sheet to read.
func (b *workbook) table(ctx context.Context) (xlsxTable, error) {
	if b.in.options.Inside != "" {
		return b.named(b.in.options.Inside)
	}
	var filled []string
	var tables []xlsxTable
	var first error
	for _, s := range b.sheets {
		if err := ctx.Err(); err != nil {
			return xlsxTable{}, err
		}
		head, err := b.head(s)
		if err != nil {
			return xlsxTable{}, err
		}
		if len(head.rows) == 0 {
			continue
		}
		filled = append(filled, clipName(s.name))
		t, err := b.read(s, head)
		switch {
		case err == nil:
			tables = append(tables, t)
		case first == nil:
			first = err
		}
	}
	listed := strings.Join(filled, ", ")
	switch {
	case len(filled) == 0:
		return xlsxTable{}, lang.Errorf("%s has no sheet with anything in it: %w", b.in.name, geo.ErrInvalid)
	case len(tables) == 0 && len(filled) == 1:
		return xlsxTable{}, first
	case len(tables) == 0:
		return xlsxTable{}, lang.Errorf("no sheet of %s names coordinates (%s); say which with --inside NAME, and its columns with --x and --y: %w", b.in.name, listed, geo.ErrInvalid)
	case len(tables) > 1:
		var names []string
		for _, t := range tables {
			names = append(names, clipName(t.name))
		}
		return xlsxTable{}, lang.Errorf("%s has several sheets with coordinates: %s; say which with --inside NAME: %w", b.in.name, strings.Join(names, ", "), geo.ErrInvalid)
	}
	t := tables[0]
	if len(filled) > 1 {
		t.notes = append(t.notes, label("工作簿另有内容的工作表没有坐标，未导入："+listed, "of the sheets "+listed+" only this one has coordinates"))
	}
	return t, nil
}

// named is the sheet of a name, to the letter or else regardless of case, width and spaces around.
func (b *workbook) named(name string) (xlsxTable, error) {
	for _, same := range []func(string) bool{
		func(s string) bool { return s == name },
		func(s string) bool { return foldName(s) == foldName(name) },
	} {
		for _, s := range b.sheets {
			if !same(s.name) {
				continue
			}
			head, err := b.head(s)
			if err != nil {
				return xlsxTable{}, err
			}
			return b.read(s, head)
		}
	}
	var names []string
	for _, s := range b.sheets {
		names = append(names, clipName(s.name))
	}
	return xlsxTable{}, lang.Errorf("%s has no sheet %q, it has %s; name one of these with --inside: %w", b.in.name, name, strings.Join(names, ", "), geo.ErrNotFound)
}

// read finds the header of a sheet and what the planner should know.
func (b *workbook) read(s xlsxSheet, head sheetHead) (xlsxTable, error) {
	h, err := head.header(b.in.options)
	if err != nil {
		return xlsxTable{}, lang.Errorf("%s, sheet %s: %w", b.in.name, s.name, err)
	}
	if p := h.places; p.wkt >= 0 {
		for _, row := range head.sample(h)[:min(1, len(head.sample(h)))] {
			h.places = p.expectSRID(row[p.wkt])
		}
	}
	t := xlsxTable{xlsxSheet: s, header: h, merged: head.merges.below(h.last)}
	where := h.where()
	name := s.name
	if s.hidden {
		name += "（隐藏）"
	}
	t.notes = append(t.notes, label("工作表 "+name+"，"+where.ZH, "the sheet "+name+"; "+where.EN), h.places.note())
	if t.merged > 0 {
		n := strconv.Itoa(t.merged)
		t.notes = append(t.notes, label("数据中有 "+n+" 处合并单元格，只有各自第一格有值", n+" ranges of merged cells in the data: only the first cell of each has the value"))
	}
	return t, nil
}
