package format

import (
	"context"
	"fmt"
	"strconv"
	"strings"

	"yizhan/geo"
	"yizhan/importer/record"
	"yizhan/internal/lang"
)

// gpkgLayer is a table of features.
type gpkgLayer struct {
	table, geometry string
	kinds           []geo.Kind
	said            record.Said
	count           int64
}

// gpkgColumn is a column of a table; place is its place in the primary key, from 1.
type gpkgColumn struct {
	name, declared string
	place          int
}

// integerKey says whether the column may be an alias of the rowid.
func (c gpkgColumn) integerKey() bool {
	return c.place == 1 && strings.Contains(strings.ToUpper(c.declared), "INT")
}

// binary says whether the column was made for bytes (OGC 12-128r18, table 1) or geometries.
func (c gpkgColumn) binary() bool {
	declared := strings.ToUpper(c.declared)
	if strings.HasPrefix(declared, "BLOB") {
		return true
	}
	switch strings.TrimPrefix(declared, "MULTI") {
	case "GEOMETRY", "POINT", "LINESTRING", "POLYGON", "GEOMETRYCOLLECTION":
		return true
	}
	return false
}

// layer is the table to read: the one asked for, or the only one.
func (g *gpkg) layer(ctx context.Context) (gpkgLayer, error) {
	ours, err := g.has(ctx, "gpkg_contents")
	if err != nil {
		return gpkgLayer{}, err
	}
	if !ours {
		return gpkgLayer{}, lang.Errorf("%s is an SQLite file and no GeoPackage: it has no table gpkg_contents; save it as GeoPackage: %w", g.in.Name, geo.ErrInvalid)
	}
	layers, err := g.layers(ctx)
	if err != nil {
		return gpkgLayer{}, err
	}
	wanted := g.in.Options.Inside
	for _, l := range layers {
		if l.table == wanted || wanted == "" && len(layers) == 1 {
			l.count, err = g.count(ctx, l.table)
			return l, err
		}
	}
	if len(layers) == 0 {
		return gpkgLayer{}, lang.Errorf("%s holds no table of features: %w", g.in.Name, geo.ErrInvalid)
	}
	listed, err := g.list(ctx, layers)
	switch {
	case err != nil:
		return gpkgLayer{}, err
	case wanted != "":
		return gpkgLayer{}, lang.Errorf("%s holds no table of features %q, it holds %s; name one of these with --inside: %w", g.in.Name, wanted, listed, geo.ErrNotFound)
	}
	return gpkgLayer{}, lang.Errorf("%s holds several tables of features: %s; say which with --inside NAME: %w", g.in.Name, listed, geo.ErrInvalid)
}

// list names the tables, each with how many features it has.
func (g *gpkg) list(ctx context.Context, layers []gpkgLayer) (string, error) {
	const most = 30
	var names []string
	for _, l := range layers[:min(len(layers), most)] {
		n, err := g.count(ctx, l.table)
		if err != nil {
			return "", err
		}
		names = append(names, fmt.Sprintf("%s (%d)", record.ShortName(l.table), n))
	}
	if len(layers) > most {
		names = append(names, fmt.Sprintf("and %d more", len(layers)-most))
	}
	return strings.Join(names, ", "), nil
}

func (g *gpkg) layers(ctx context.Context) (layers []gpkgLayer, err error) {
	rows, err := g.db.QueryContext(ctx, gpkgStatement("gpkg_layers.sql"))
	if err != nil {
		return nil, g.fault(ctx, err)
	}
	defer rows.Close()
	for rows.Next() {
		var l gpkgLayer
		var kind, organization, definition string
		var srs, code int64
		if err := rows.Scan(&l.table, &l.geometry, &kind, &srs, &organization, &code, &definition); err != nil {
			return nil, g.fault(ctx, err)
		}
		l.kinds, l.said = gpkgKinds(kind), gpkgSaid(srs, organization, code, definition)
		layers = append(layers, l)
	}
	return layers, g.fault(ctx, rows.Err())
}

// gpkgKinds is what a table may hold (OGC 12-128r18, annex G); nil when it may hold anything.
func gpkgKinds(name string) []geo.Kind {
	switch strings.TrimPrefix(strings.ToUpper(name), "MULTI") {
	case "POINT":
		return []geo.Kind{geo.Point}
	case "LINESTRING":
		return []geo.Kind{geo.Line}
	case "POLYGON":
		return []geo.Kind{geo.Polygon}
	}
	return nil
}

// gpkgSaid is what the table says of its coordinates; the ids 0 and -1 are for
// systems that are not known (OGC 12-128r18, 1.1.2.2).
func gpkgSaid(srs int64, organization string, code int64, definition string) record.Said {
	const where = "gpkg_spatial_ref_sys"
	switch {
	case srs == 0 || srs == -1:
		return record.Said{}
	case strings.EqualFold(organization, "EPSG") && code > 0:
		return record.Said{Where: where, Text: "EPSG:" + strconv.FormatInt(code, 10)}
	case definition != "" && !strings.EqualFold(definition, "undefined"):
		return record.Said{Where: where, Text: definition}
	}
	return record.Said{}
}

// columns are those of a table in their order.
func (g *gpkg) columns(ctx context.Context, table string) (columns []gpkgColumn, err error) {
	rows, err := g.db.QueryContext(ctx, gpkgStatement("gpkg_columns.sql"), table)
	if err != nil {
		return nil, g.fault(ctx, err)
	}
	defer rows.Close()
	for rows.Next() {
		var c gpkgColumn
		if err := rows.Scan(&c.name, &c.declared, &c.place); err != nil {
			return nil, g.fault(ctx, err)
		}
		columns = append(columns, c)
	}
	return columns, g.fault(ctx, rows.Err())
}
