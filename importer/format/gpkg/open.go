package gpkg

import (
	"context"
	"errors"
	"os"

	"yizhan/importer/record"
	"yizhan/internal/lang"
)

// Open opens one table of features: the only one, or the one that the options name.
func Open(ctx context.Context, in record.Input) (*record.File, error) {
	d, err := OpenDatabase(in)
	if err != nil {
		return nil, err
	}
	f, err := d.file(ctx)
	if err != nil {
		return nil, errors.Join(err, d.Close())
	}
	return f, nil
}

func (d *Database) file(ctx context.Context) (*record.File, error) {
	stat, err := os.Stat(d.in.Path)
	if err != nil {
		return nil, d.in.Unreadable(err)
	}
	t, err := d.choose(ctx)
	if err != nil {
		return nil, err
	}
	columns, err := d.columns(ctx, t.name)
	if err != nil {
		return nil, err
	}
	q, err := queryOf(d.in, t, columns)
	if err != nil {
		return nil, err
	}
	limits := d.in.Options.Limits
	f := &record.File{
		Name: d.in.Name, Format: "GeoPackage", Paths: []string{d.in.Path}, Size: stat.Size(),
		Charset: "UTF-8", ByWhat: lang.Bothf("required by GeoPackage"),
		Said: t.system, Notes: q.notes, Kinds: t.kinds, Count: t.count, Limits: limits,
	}
	f.OnClose(d.Close)
	names := make([][]byte, len(q.columns))
	for i, c := range q.columns {
		f.Fields = append(f.Fields, record.Field{Name: c.name})
		names[i] = []byte(c.name)
	}
	f.Decoder = func() record.Decoder { return &decoder{names: names, limits: limits} }
	f.Cutter = func(ctx context.Context, pace *record.Pace) (record.Cutter, error) {
		return d.cut(ctx, q, t.count, record.NewSteps(pace, stat.Size()))
	}
	return f, nil
}
