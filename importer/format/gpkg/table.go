package gpkg

import (
	"context"
	"strconv"
	"strings"

	"yizhan/geo"
	"yizhan/importer/record"
	statements "yizhan/sql"
)

// table is a table of features.
type table struct {
	name, geometry string
	kinds          []geo.Kind
	system         record.Said
	count          int64
}

// column is a column of a table; place is its place in the primary key, from 1.
type column struct {
	name, declared string
	place          int
}

// integerKey reports whether the column may be an alias of the rowid.
func (c column) integerKey() bool {
	return c.place == 1 && strings.Contains(strings.ToUpper(c.declared), "INT")
}

// binary reports whether the column is for bytes (OGC 12-128r18, table 1) or geometries.
func (c column) binary() bool {
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

// tables are all tables of features, not counted.
func (d *Database) tables(ctx context.Context) (tables []table, err error) {
	rows, err := d.QueryContext(ctx, statements.Text("gpkg/tables.sql"))
	if err != nil {
		return nil, d.Fault(ctx, err)
	}
	defer rows.Close()
	for rows.Next() {
		var t table
		var kind, organization, definition string
		var srs, code int64
		if err := rows.Scan(&t.name, &t.geometry, &kind, &srs, &organization, &code, &definition); err != nil {
			return nil, d.Fault(ctx, err)
		}
		t.kinds, t.system = kindsOf(kind), systemOf(srs, organization, code, definition)
		tables = append(tables, t)
	}
	return tables, d.Fault(ctx, rows.Err())
}

// kindsOf are the kinds that a table declares (OGC 12-128r18, annex G); nil for any.
func kindsOf(name string) []geo.Kind {
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

// systemOf is the coordinate system that a table declares. The ids 0 and -1 stand for
// undefined systems (OGC 12-128r18, 1.1.2.2).
func systemOf(srs int64, organization string, code int64, definition string) record.Said {
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

// columns are those of a table, in its order.
func (d *Database) columns(ctx context.Context, table string) (columns []column, err error) {
	rows, err := d.QueryContext(ctx, statements.Text("gpkg/columns.sql"), table)
	if err != nil {
		return nil, d.Fault(ctx, err)
	}
	defer rows.Close()
	for rows.Next() {
		var c column
		if err := rows.Scan(&c.name, &c.declared, &c.place); err != nil {
			return nil, d.Fault(ctx, err)
		}
		columns = append(columns, c)
	}
	return columns, d.Fault(ctx, rows.Err())
}
