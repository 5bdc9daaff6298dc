package ledger_test

import (
	"context"
	"slices"
	"strings"
	"testing"

	"yizhan/geo"
	"yizhan/internal/pgtest"
)

func TestPublishIndexesATableWhateverItsName(t *testing.T) {
	t.Parallel()
	for _, name := range []string{"bench", strings.Repeat("井", 21), `a "quoted" name; drop table city.road; --`} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			_, conn := open(t)
			quoted := `city."` + strings.ReplaceAll(name, `"`, `""`) + `"`
			pgtest.Exec(t, conn,
				"create table "+quoted+" (gid bigint generated always as identity primary key, code text, geom "+
					"geometry(Point, 4326))")
			for range 2 { // publishing again adds nothing
				if _, err := conn.Exec(context.Background(),
					"select catalog.publish($1::text::regclass, layer => 'named', key_column => 'code')",
					quoted); err != nil {
					t.Fatal(err)
				}
			}
			var gist, unique int
			err := conn.QueryRow(context.Background(), `select count(*) filter (where indexdef like '%USING gist (geom)'),
				count(*) filter (where indexdef like 'CREATE UNIQUE INDEX%(code)') from pg_indexes where schemaname = 'city' and tablename = $1`, name).Scan(&gist, &unique)
			if err != nil {
				t.Fatal(err)
			}
			if gist != 1 || unique != 1 {
				t.Errorf("%d spatial and %d key indexes, want one of each", gist, unique)
			}
		})
	}
}

// A single point with a count of its own would be taken for a cell of so many points.
func TestCountsOfATablesOwnAreNotInTilesOfPoints(t *testing.T) {
	t.Parallel()
	s, conn := open(t)
	for kind, carried := range map[string]bool{"Point": false, "Polygon": true} {
		table := "stock_" + strings.ToLower(kind)
		pgtest.Exec(t, conn,
			"create table city."+table+" (gid bigint generated always as identity primary key, count integer, "+
				"count_new integer, counted date, geom geometry("+kind+", 4326))",
			"select catalog.publish('city."+table+"')")
		layers, err := s.Layers(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		l := layers[slices.IndexFunc(layers, func(l geo.Layer) bool { return l.Table == table })]
		for name, want := range map[string]bool{"count": carried, "count_new": carried, "counted": true} {
			if f, err := l.Field(name); err != nil || (f.MinZoom != nil) != want {
				t.Errorf("%s of a %s: %+v, %v; in tiles should be %v", name, kind, f, err, want)
			}
		}
	}
}
