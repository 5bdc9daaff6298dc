package format

import (
	"context"
	"database/sql"
	"errors"
	"os"
	"strconv"
	"strings"

	"yizhan/geo"
	"yizhan/importer/record"
	"yizhan/internal/lang"
)

// openGeoPackage opens one table of features of a GeoPackage (OGC 12-128r18): the
// only one, or the one that the options name. Rows come in the order of the
// integer primary key; memory holds one batch.
func openGeoPackage(ctx context.Context, in record.Input) (*record.File, error) {
	g, err := openGPKG(in)
	if err != nil {
		return nil, err
	}
	f, err := g.file(ctx)
	if err != nil {
		return nil, errors.Join(err, g.db.Close())
	}
	return f, nil
}

func (g *gpkg) file(ctx context.Context) (*record.File, error) {
	stat, err := os.Stat(g.in.Path)
	if err != nil {
		return nil, g.in.Unreadable(err)
	}
	l, err := g.layer(ctx)
	if err != nil {
		return nil, err
	}
	q, err := g.query(ctx, l)
	if err != nil {
		return nil, err
	}
	limits := g.in.Options.Limits
	f := &record.File{Name: g.in.Name, Format: "GeoPackage", Paths: []string{g.in.Path}, Size: stat.Size(),
		Charset: "UTF-8", ByWhat: lang.Label{ZH: "GeoPackage 的规定", EN: "as GeoPackage is"},
		Said: l.said, Notes: q.notes, Kinds: l.kinds, Count: l.count, Limits: limits}
	f.OnClose(g.db.Close)
	names := make([][]byte, len(q.columns))
	for i, c := range q.columns {
		f.Fields = append(f.Fields, record.Field{Name: c.name})
		names[i] = []byte(c.name)
	}
	f.Decoder = func() record.Decoder { return &gpkgDecoder{names: names, limits: limits} }
	f.Cutter = func(ctx context.Context, pace *record.Pace) (record.Cutter, error) {
		return g.cut(ctx, q, l.count, record.NewSteps(pace, stat.Size()))
	}
	return f, nil
}

// gpkgQuery is what is asked of a table.
type gpkgQuery struct {
	text    string
	columns []gpkgColumn // asked for behind the geometry
	notes   []lang.Label
}

func (g *gpkg) query(ctx context.Context, l gpkgLayer) (gpkgQuery, error) {
	columns, err := g.columns(ctx, l.table)
	if err != nil {
		return gpkgQuery{}, err
	}
	if most := g.in.Options.Columns; len(columns) > most {
		return gpkgQuery{}, lang.Errorf("%s: the table %s has %d columns, and %d are taken; leave some out: %w", g.in.Name, l.table, len(columns), most, geo.ErrInvalid)
	}
	q := gpkgQuery{notes: []lang.Label{lang.Label{ZH: "表 " + l.table, EN: "the table " + l.table}}}
	most := strconv.Itoa(g.in.Options.RecordBytes)
	var values, left []string
	order, geometry := "", ""
	for _, c := range columns {
		if c.integerKey() {
			order = "order by " + quoted(c.name)
		}
		switch {
		case strings.EqualFold(c.name, l.geometry):
			geometry = gpkgStatement("gpkg_geometry.sql", "{column}", quoted(c.name), "{most}", most)
		case c.binary():
			left = append(left, c.name)
		default:
			q.columns = append(q.columns, c)
			values = append(values, gpkgStatement("gpkg_value.sql", "{column}", quoted(c.name), "{most}", most))
		}
	}
	if geometry == "" {
		return q, lang.Errorf("%s: the table %s has no column %s, which gpkg_geometry_columns names; write the file anew: %w", g.in.Name, l.table, l.geometry, geo.ErrInvalid)
	}
	if len(left) > 0 {
		names := strings.Join(left, ", ")
		q.notes = append(q.notes, lang.Label{ZH: "二进制列不导入：" + names, EN: "columns of bytes are left out: " + names})
	}
	q.text = gpkgStatement("gpkg_rows.sql", "{values}", strings.Join(append([]string{geometry}, values...), ", "), "{table}", quoted(l.table), "{order}", order)
	return q, nil
}

// cut asks for the rows. The context ends a query that takes too long.
func (g *gpkg) cut(ctx context.Context, q gpkgQuery, count int64, steps record.Steps) (record.Cutter, error) {
	rows, err := g.db.QueryContext(ctx, q.text)
	if err != nil {
		return nil, g.fault(ctx, err)
	}
	c := &gpkgCutter{gpkg: g, ctx: ctx, rows: rows, count: count, steps: steps}
	c.cells = make([]any, 1+len(q.columns))
	for i := range c.cells {
		sink := &gpkgCell{cutter: c}
		if i > 0 {
			sink.boolean = strings.EqualFold(q.columns[i-1].declared, "BOOLEAN")
		}
		c.cells[i] = sink
	}
	return c, nil
}

// gpkgCutter reads rows into batches of cells, the geometry first.
type gpkgCutter struct {
	*gpkg
	ctx     context.Context
	rows    *sql.Rows
	cells   []any
	batch   record.CellBatch
	batches int
	read    int64 // rows
	count   int64 // that there should be
	steps   record.Steps
}
