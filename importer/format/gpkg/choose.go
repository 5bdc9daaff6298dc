package gpkg

import (
	"context"

	"yizhan/geo"
	"yizhan/importer/record"
	"yizhan/internal/lang"
)

// choose is the table to read, counted: the one asked for, or the only one.
func (d *Database) choose(ctx context.Context) (table, error) {
	ours, err := d.has(ctx, "gpkg_contents")
	if err != nil {
		return table{}, err
	}
	if !ours {
		return table{}, lang.Errorf("%s is an SQLite file but not a GeoPackage: it has no table gpkg_contents; "+
			"save it as GeoPackage: %w", d.in.Name, geo.ErrInvalid)
	}
	tables, err := d.tables(ctx)
	if err != nil {
		return table{}, err
	}
	wanted := d.in.Options.Inside
	for _, t := range tables {
		if t.name == wanted || wanted == "" && len(tables) == 1 {
			t.count, err = d.count(ctx, t.name)
			return t, err
		}
	}
	return table{}, d.undecided(ctx, tables, wanted)
}

// undecided is the error of a file from which no table was chosen.
func (d *Database) undecided(ctx context.Context, tables []table, wanted string) error {
	if len(tables) == 0 {
		return lang.Errorf("%s contains no table of features: %w", d.in.Name, geo.ErrInvalid)
	}
	listed, err := d.list(ctx, tables)
	switch {
	case err != nil:
		return err
	case wanted != "":
		return lang.Errorf("%s: table %q not found among its tables of features: %s; choose one of these with "+
			"--inside: %w",
			d.in.Name, wanted, listed, geo.ErrNotFound)
	}
	return lang.Errorf("%s contains several tables of features: %s; choose one with --inside NAME: %w",
		d.in.Name, listed, geo.ErrInvalid)
}

// list names the tables, each with its number of features.
func (d *Database) list(ctx context.Context, tables []table) (lang.Labels, error) {
	const most = 30
	var names lang.Labels
	for _, t := range tables[:min(len(tables), most)] {
		n, err := d.count(ctx, t.name)
		if err != nil {
			return nil, err
		}
		names = append(names, lang.Bothf("%s (%d)", record.ShortName(t.name), n))
	}
	if more := len(tables) - most; more > 0 {
		names = append(names, lang.Bothf("and %d more", more))
	}
	return names, nil
}
