package gdal

import (
	"context"
	"errors"
	"regexp"

	"yizhan/geo"
	"yizhan/importer/format/gpkg"
	"yizhan/importer/record"
	"yizhan/internal/lang"
	statements "yizhan/sql"
)

// harmless are virtual tables whose data are in the database itself: indexes.
var harmless = regexp.MustCompile(
	`(?is)^create\s+virtual\s+table\s+("(?:[^"]|"")*"|'(?:[^']|'')*'|\[[^\]]*\]|` + "`[^`]*`" +
		`|\w+)\s+using\s+(rtree|rtree_i32|fts3|fts4|fts5|virtualspatialindex|virtualelementary|virtualknn2?)\s*(\(|$)`)

// checkVirtualTables refuses a database with virtual tables that read other files, such
// as SpatiaLite's VirtualText: GDAL would list them among the tables.
func checkVirtualTables(ctx context.Context, in record.Input) (err error) {
	db, err := gpkg.OpenDatabase(in)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, db.Close()) }()
	rows, err := db.QueryContext(ctx, statements.Text("gdal/virtual.sql"))
	if err != nil {
		return db.Fault(ctx, err)
	}
	defer rows.Close()
	for rows.Next() {
		var name, text string
		if err := rows.Scan(&name, &text); err != nil {
			return db.Fault(ctx, err)
		}
		if !harmless.MatchString(text) {
			return lang.Errorf("table %q is virtual and could read other files on this computer; save the data as "+
				"GeoPackage: %w",
				record.Short(name), geo.ErrInvalid)
		}
	}
	return db.Fault(ctx, rows.Err())
}
