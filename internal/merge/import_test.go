package merge_test

import (
	"context"
	"errors"
	"fmt"
	"hash/fnv"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"

	"yizhan/geo"
	"yizhan/importer"
	"yizhan/importer/format"
	"yizhan/importer/settings"
	"yizhan/internal/lang"
	"yizhan/internal/merge"
	"yizhan/internal/pgtest"
)

// seat is a station of the file, in a place of its own; more are further
// properties, each with a comma before it.
func seat(code, name, more string) string {
	sum := fnv.New32a()
	_, _ = sum.Write([]byte(code))
	at := sum.Sum32()
	return fmt.Sprintf(
		`{"type":"Feature","properties":{"code":"%s","name":"%s","status":"open"%s},"geometry":{"type":"Point","coordinates":[%.5f,%.5f]}}`,
		code, name, more, 112.3+float64(at%20000)*1e-5, 32.9+float64(at/20000%20000)*1e-5)
}

func collected(features ...string) string {
	return `{"type":"FeatureCollection","features":[` + strings.Join(features, ",\n") + `]}`
}

// onDisk opens a file of that text.
func onDisk(t testing.TB, text string) (*format.File, error) {
	t.Helper()
	path := filepath.Join(t.TempDir(), "file.geojson")
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	return format.Open(context.Background(), path, format.Options{})
}

func bring(t testing.TB, s *bureau, layer geo.LayerName, file string) (*importer.Report, error) {
	t.Helper()
	return bringSo(context.Background(), t, s, layer, file, merge.Options{})
}

// bringSo imports with options.
func bringSo(ctx context.Context, t testing.TB, s *bureau, layer geo.LayerName, file string,
	o merge.Options) (*importer.Report, error) {
	t.Helper()
	opened, err := onDisk(t, file)
	if err != nil {
		return nil, err
	}
	defer opened.Close()
	o.Actor = "surveyor"
	return s.Import(ctx, layer, opened, o)
}

// tally is a report in one line.
func tally(r *importer.Report) string {
	text := fmt.Sprintf("read %d, inserted %d, updated %d, unchanged %d", r.Read, r.Inserted, r.Updated, r.Unchanged)
	for _, one := range r.Listed {
		text += fmt.Sprintf("; %d %s %s", one.Position, one.Key, one.Reason)
	}
	return text
}

// imported imports a file that must be taken.
func imported(t *testing.T, s *bureau, layer geo.LayerName, file, want string) *importer.Report {
	t.Helper()
	report, err := bring(t, s, layer, file)
	if err != nil {
		t.Fatal(err)
	}
	if got := tally(report); got != want {
		t.Errorf("got  %s\nwant %s", got, want)
	}
	return report
}

// fixed is all that an import without effect must leave as it was.
func fixed(t *testing.T, conn *pgx.Conn, table string) string {
	t.Helper()
	return pgtest.Value(t, conn, `select concat_ws(' ', (select count(*) from journal.entry), (select count(*) from journal.before),
		(select count(*) from `+table+`), (select max(xmin::text::bigint) from `+table+`), (select md5(string_agg(ctid::text, ',' order by ctid)) from `+table+`))`)
}

const batches = "select count(*) from journal.batch"

func TestImportMergesByKey(t *testing.T) {
	t.Parallel()
	s, conn := open(t)
	first := collected(seat("S1", "人民路", ""), seat("S2", "建设路", ""), seat("S3", "车站", ""))
	imported(t, s, "station", first, "read 3, inserted 3, updated 0, unchanged 0")
	before := fixed(t, conn, "city.station")
	imported(t, s, "station", first, "read 3, inserted 0, updated 0, unchanged 3")
	if after := fixed(t, conn, "city.station"); after != before {
		t.Errorf("the same file again wrote something: %s, then %s", before, after)
	}
	imported(t, s, "station", collected(seat("S2", "建设中路", ""), seat("S3", "车站", ""), seat("S4", "南站", "")),
		"read 3, inserted 1, updated 1, unchanged 1")
	if got := pgtest.Value(t, conn, "select string_agg(code || name, ' ' order by code) from city.station"); got != "S1人民路 S2建设中路 S3车站 S4南站" {
		t.Errorf("the layer has %s", got)
	}
	got := pgtest.Value(t, conn,
		"select string_agg(concat_ws('/', layer, source, actor, rows_read, inserted, updated, unchanged, rejected, "+
			"length(sha256)), ' ' order by id) from journal.batch")
	if want := "station/file.geojson/surveyor/3/3/0/0/0/64 station/file.geojson/surveyor/3/0/0/3/0/64 " +
		"station/file.geojson/surveyor/3/1/1/1/0/64"; got != want {
		t.Errorf("the ledger of imports has\n%s, want\n%s", got, want)
	}
}

func TestImportIsRecordedUnderItsBatch(t *testing.T) {
	t.Parallel()
	s, conn := open(t)
	report := imported(t, s, "station", collected(seat("S1", "人民路", "")), "read 1, inserted 1, updated 0, unchanged 0")
	got := pgtest.Value(t, conn,
		"select string_agg(concat_ws('/', layer, op, actor, batch, cardinality(ids)), ' ') from journal.entry where "+
			"op = 'insert'")
	if want := fmt.Sprintf("station/insert/surveyor/%d/1", report.Batch); got != want {
		t.Errorf("the journal has %s, want %s", got, want)
	}
}

func TestImportLeavesColumnsThatTheFileLacks(t *testing.T) {
	t.Parallel()
	s, conn := open(t)
	imported(t, s, "station", collected(seat("S1", "人民路", `,"remark":"有饮水"`)),
		"read 1, inserted 1, updated 0, unchanged 0")
	imported(t, s, "station", collected(seat("S1", "人民中路", "")), "read 1, inserted 0, updated 1, unchanged 0")
	imported(t, s, "station", collected(seat("S1", "人民中路", `,"remark":null`), seat("S2", "车站", "")),
		"read 2, inserted 1, updated 1, unchanged 0")
	if got := pgtest.Value(t, conn,
		"select string_agg(code || name || coalesce(remark, '-'), ' ' order by code) from "+
			"city.station"); got != "S1人民中路- S2车站-" {
		t.Errorf("the layer has %s", got)
	}
}

// plots is a layer of its own for the test: polygons with rules.
func plots(t *testing.T, conn *pgx.Conn) {
	t.Helper()
	pgtest.Exec(t, conn, `create table city.plot (gid bigint generated always as identity primary key, code text not null,
			trees integer constraint trees_are_counted check (trees >= 0), area float8, planted date,
			constraint big_plots_have_trees check (area < 100 or trees > 0), geom geometry(MultiPolygon, 4326) not null)`,
		"select catalog.publish('city.plot', key_column => 'code')")
}

func plot(code, ring, more string) string {
	return `{"type":"Feature","properties":{"code":"` + code + `"` + more + `},"geometry":{"type":"Polygon","coordinates":[` + ring + `]}}`
}

const (
	square = "[[112,33],[113,33],[113,33.5],[112,33.5],[112,33]]"
	bowTie = "[[112,33],[113,33.5],[113,33],[112,33.5],[112,33]]"
)

func TestImportRejectsWhatTheTableWouldNotTake(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ name, file, want, says string }{
		{"a polygon that crosses itself", collected(plot("A", square, ""), plot("B", bowTie, "")),
			"read 2, inserted 1, updated 0, unchanged 0; 2 B invalid_geometry", "Self-intersection at 112.5, 33.25"},
		{"a hole outside", collected(plot("A", square+",[[113.1,33.6],[113.2,33.6],[113.2,33.7],[113.1,33.6]]", "")),
			"read 1, inserted 0, updated 0, unchanged 0; 1 A invalid_geometry", "Hole lies outside shell"},
		{"a value that a rule forbids", collected(plot("A", square, `,"trees":-1`), plot("B", square, `,"trees":0`)),
			"read 2, inserted 1, updated 0, unchanged 0; 1 A breaks_rule", "trees_are_counted"},
		{"two values that a rule forbids together", collected(plot("A", square, `,"trees":0,"area":200`),
			plot("B", square, `,"area":200`)),
			"read 2, inserted 1, updated 0, unchanged 0; 1 A breaks_rule", "big_plots_have_trees"},
		{"the key of an earlier feature", collected(plot("A", square, `,"trees":1`), plot("B", square, ""),
			plot("A", square, `,"trees":2`), plot("A", square, `,"trees":3`)),
			"read 4, inserted 2, updated 0, unchanged 0; 3 A duplicate_key; 4 A duplicate_key", "feature 1"},
		{"of two with one key the first that is sound is kept", collected(plot("A", bowTie, ""), plot("A", square, "")),
			"read 2, inserted 1, updated 0, unchanged 0; 1 A invalid_geometry", "Self-intersection"},
		{"a line",
			collected(strings.Replace(plot("A", "", ""), `"Polygon","coordinates":[]`,
				`"LineString","coordinates":[[112,33],[113,33]]`, 1)),
			"read 1, inserted 0, updated 0, unchanged 0; 1 A wrong_geometry_kind", "the layer holds polygons"},
		{"an integer past the column's", collected(plot("A", square, `,"trees":2147483648`)),
			"read 1, inserted 0, updated 0, unchanged 0; 1 A wrong_type", "2147483647"},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			s, conn := open(t)
			plots(t, conn)
			report := imported(t, s, "plot", c.file, c.want)
			for _, language := range []string{"en", "zh"} {
				if text := report.Text(lang.Tag(language)); language == "en" && !strings.Contains(text, c.says) ||
					!strings.Contains(text, string(report.Listed[0].Reason)) {
					t.Errorf("the report does not say %q:\n%s", c.says, text)
				}
			}
			if got := pgtest.Value(t, conn, "select rejected from journal.batch"); got != fmt.Sprint(report.Rejected) {
				t.Errorf("the ledger has %s rejected, the report %d", got, report.Rejected)
			}
		})
	}
}

func TestARepeatedKeyKeepsTheFirst(t *testing.T) {
	t.Parallel()
	s, conn := open(t)
	imported(t, s, "station", collected(seat("S1", "一", ""), seat("S1", "二", "")),
		"read 2, inserted 1, updated 0, unchanged 0; 2 S1 duplicate_key")
	imported(t, s, "station", collected(seat("S1", "三", ""), seat("S1", "四", "")),
		"read 2, inserted 0, updated 1, unchanged 0; 2 S1 duplicate_key")
	if got := pgtest.Value(t, conn, "select name from city.station"); got != "三" {
		t.Errorf("the layer has %s", got)
	}
}

func TestAnImportThatFailsLeavesNothing(t *testing.T) {
	t.Parallel()
	whole := collected(seat("S1", "改", ""), seat("S9", "新", ""))
	for _, c := range []struct{ name, file, says string }{
		{"a file that breaks off", whole[:len(whole)-20], "byte"},
		{"an empty file", "", "empty"},
		{"a file in metres that says so", `{"crs":{"type":"name","properties":{"name":"EPSG:4547"}},"features":[` +
			seat("S9", "新", "") + `]}`, "4547"},
		{"a spreadsheet", "code,name\nS9,新\n", "GeoJSON"},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			s, conn := open(t)
			imported(t, s, "station", collected(seat("S1", "旧", "")), "read 1, inserted 1, updated 0, unchanged 0")
			before := fixed(t, conn, "city.station") + pgtest.Value(t, conn, batches)
			report, err := bring(t, s, "station", c.file)
			if !errors.Is(err, geo.ErrInvalid) || !strings.Contains(fmt.Sprint(err), c.says) || report != nil {
				t.Errorf("got %v and report %v, want an error that says %q", err, report, c.says)
			}
			if after := fixed(t, conn, "city.station") + pgtest.Value(t, conn, batches); after != before {
				t.Errorf("something was left: %s, then %s", before, after)
			}
			imported(t, s, "station", whole, "read 2, inserted 1, updated 1, unchanged 0")
		})
	}
}

func TestAnImportCancelledMidWayLeavesNothing(t *testing.T) {
	t.Parallel()
	s, conn := open(t)
	pgtest.Exec(t, conn, stationAtCentre)
	before := fixed(t, conn, "city.station") + pgtest.Value(t, conn, batches)
	ctx, cancel := context.WithCancel(context.Background())
	defer cancel()
	_, err := bringSo(ctx, t, s, "station", many(60_000),
		merge.Options{Options: importer.Options{Progress: func(p importer.Progress) {
			if p.Features > 20_000 {
				cancel()
			}
		}}})
	if !errors.Is(err, context.Canceled) {
		t.Errorf("got %v", err)
	}
	if after := fixed(t, conn, "city.station") + pgtest.Value(t, conn, batches); after != before {
		t.Errorf("something was left: %s, then %s", before, after)
	}
	imported(t, s, "station", collected(seat("S9", "新", "")), "read 1, inserted 1, updated 0, unchanged 0")
}

func TestTwoImportsOfOneLayerAtOnce(t *testing.T) {
	t.Parallel()
	s, _ := open(t)
	under, done := make(chan struct{}), make(chan error)
	ctx, cancel := context.WithCancel(context.Background())
	var once sync.Once
	go func() {
		_, err := bringSo(ctx, t, s, "station", many(1000),
			merge.Options{Options: importer.Options{Progress: func(importer.Progress) {
				once.Do(func() { close(under) })
				<-ctx.Done()
			}}})
		done <- err
	}()
	<-under
	_, err := bring(t, s, "station", collected(seat("S1", "站", "")))
	if !errors.Is(err, geo.ErrConflict) || !strings.Contains(fmt.Sprint(err), `"station" (`) ||
		!strings.Contains(fmt.Sprint(err), "since ") {
		t.Errorf("got %v, want a conflict that names the other import", err)
	}
	imported(t, s, "complaint", collected(), "read 0, inserted 0, updated 0, unchanged 0")
	cancel()
	if err := <-done; err == nil {
		t.Error("the cancelled import is well")
	}
	imported(t, s, "station", collected(seat("S1", "站", "")), "read 1, inserted 1, updated 0, unchanged 0")
}

func TestALayerWithoutAKeyTakesARowOnce(t *testing.T) {
	t.Parallel()
	s, conn := open(t)
	pgtest.Exec(t, conn,
		`create table city.bench (gid bigint generated always as identity primary key, code text, name text, area float8, geom geometry(Point, 4326) not null)`,
		"select catalog.publish('city.bench')")
	file := collected(seat("A", "椅", ""), seat("A", "椅", ""), seat("A", "凳", ""), seat("A", "凳", `,"area":1.5`))
	imported(t, s, "bench", file, "read 4, inserted 3, updated 0, unchanged 1")
	before := fixed(t, conn, "city.bench")
	imported(t, s, "bench", file, "read 4, inserted 0, updated 0, unchanged 4")
	imported(t, s, "bench", collected(seat("A", "椅", ""), seat("B", "椅", "")),
		"read 2, inserted 1, updated 0, unchanged 1")
	if pgtest.Value(t, conn, "select count(*) from city.bench") != "4" {
		t.Errorf("%s", before)
	}
}

func TestNamesThatLookLikeStatements(t *testing.T) {
	t.Parallel()
	s, conn := open(t)
	for i, name := range []string{`人行道 井盖`, `a"b`, `x'; drop table city.station; --`,
		"two\nlines; drop table city.station", `assignments`, `theirs)`, `staged`, `(columns)`} {
		layer := geo.LayerName(fmt.Sprintf("strange%d", i))
		table, geom := pgx.Identifier{"city", name + " 表"}.Sanitize(), pgx.Identifier{name + " 形"}.Sanitize()
		key, note := pgx.Identifier{name}.Sanitize(), pgx.Identifier{name + ` "注"`}.Sanitize()
		pgtest.Exec(t, conn,
			fmt.Sprintf(
				`create table %s (gid bigint generated always as identity primary key, %s text not null, %s integer check (%s > 0), %s geometry(Polygon, 4326) not null)`, table, key, note, note, geom))
		if _, err := conn.Exec(context.Background(),
			"select catalog.publish($1::regclass, layer => $2, key_column => $3)", table, string(layer),
			name); err != nil {
			t.Fatalf("%q: %v", name, err)
		}
		one := func(n int) string {
			return collected(
				fmt.Sprintf(
					`{"type":"Feature","properties":{%s:"K",%s:%d},"geometry":{"type":"Polygon","coordinates":[%s]}}`,
					quoted(name), quoted(name+` "注"`), n, square))
		}
		t.Run(name, func(t *testing.T) {
			imported(t, s, layer, one(1), "read 1, inserted 1, updated 0, unchanged 0")
			imported(t, s, layer, one(2), "read 1, inserted 0, updated 1, unchanged 0")
			imported(t, s, layer, one(2), "read 1, inserted 0, updated 0, unchanged 1")
			imported(t, s, layer, one(0), "read 1, inserted 0, updated 0, unchanged 0; 1 K breaks_rule")
		})
	}
	pgtest.Exec(t, conn, "select from city.station")
}

// quoted is a JSON string.
func quoted(s string) string {
	return `"` + strings.NewReplacer(`\`, `\\`, `"`, `\"`, "\n", `\n`).Replace(s) + `"`
}

func TestRulesOverColumnsThatNoFileFills(t *testing.T) {
	t.Parallel()
	s, conn := open(t)
	pgtest.Exec(t, conn, `create table city.lamp (gid bigint generated always as identity primary key check (gid > 0), code text not null, name text,
			size integer default 1, twice integer generated always as (size * 2) stored, raw bytea,
			constraint small check (twice < 10 or raw is not null), geom geometry(Point, 4326) not null)`,
		"select catalog.publish('city.lamp', key_column => 'code')")
	imported(t, s, "lamp", collected(seat("L1", "灯", "")), "read 1, inserted 1, updated 0, unchanged 0")
	if got := pgtest.Value(t, conn, "select twice from city.lamp"); got != "2" {
		t.Errorf("the column without a value in the file is %s", got)
	}
}

func TestAFeatureWithoutAValueTakesTheDefault(t *testing.T) {
	t.Parallel()
	s, conn := open(t)
	imported(t, s, "station", collected(seat("S1", "一", `,"radius_m":500`), seat("S2", "二", "")),
		"read 2, inserted 2, updated 0, unchanged 0")
	if got := pgtest.Value(t, conn, "select string_agg(radius_m::text, ' ' order by code) from city.station"); got != "500 1000" {
		t.Errorf("the layer has %s", got)
	}
}

// many is a file of n stations.
func many(n int) string {
	var b strings.Builder
	for i := range n {
		fmt.Fprintf(&b,
			`{"type":"Feature","properties":{"code":"M%06d","name":"站","status":"open"},"geometry":{"type":"Point","coordinates":[%.5f,33]}}`+"\n", i, 112.3+float64(i)*1e-5)
	}
	return b.String()
}

const indexes = "select string_agg(indexdef, e'\\n' order by indexname) from pg_indexes where schemaname = 'city' " +
	"and tablename = 'station'"

func TestALargeFileIntoAnEmptyLayerKeepsItsIndexes(t *testing.T) {
	t.Parallel()
	s, conn := open(t)
	pgtest.Exec(t, conn,
		"create index station_some on city.station (name, lower(code) desc) include (remark) where status is null")
	before := pgtest.Value(t, conn, indexes)
	file := many(20_500)
	imported(t, s, "station", file, "read 20500, inserted 20500, updated 0, unchanged 0")
	if after := pgtest.Value(t, conn, indexes); after != before {
		t.Errorf("the indexes were\n%s\nand are\n%s", before, after)
	}
	if got := pgtest.Value(t, conn,
		"select bool_and(indisvalid and indisready) from pg_index where indrelid = "+
			"'city.station'::regclass"); got != "true" {
		t.Error("an index is not valid")
	}
	rows := fixed(t, conn, "city.station")
	imported(t, s, "station", file, "read 20500, inserted 0, updated 0, unchanged 20500")
	if again := fixed(t, conn, "city.station"); again != rows {
		t.Errorf("the same file again wrote something: %s, then %s", rows, again)
	}
	pgtest.Exec(t, conn, "truncate city.station")
	imported(t, s, "station", file, "read 20500, inserted 20500, updated 0, unchanged 0")
}

func TestALargeFileWithARepeatedKeyIntoAnEmptyLayer(t *testing.T) {
	t.Parallel()
	s, conn := open(t)
	before := pgtest.Value(t, conn, indexes)
	imported(t, s, "station", many(20_500)+seat("M000007", "重", ""),
		"read 20501, inserted 20500, updated 0, unchanged 0; 20501 M000007 duplicate_key")
	if after := pgtest.Value(t, conn, indexes); after != before {
		t.Errorf("the indexes were\n%s\nand are\n%s", before, after)
	}
	if got := pgtest.Value(t, conn, "select name from city.station where code = 'M000007'"); got != "站" {
		t.Errorf("the second was kept: %s", got)
	}
}

func TestAPersonalLayerTellsNeitherKeyNorValue(t *testing.T) {
	t.Parallel()
	s, conn := open(t)
	person := `{"type":"Feature","properties":{"code":"P-7701","trade":%s},"geometry":{"type":"Point","coordinates":[112.5,33]}}`
	one, bad := fmt.Sprintf(person, `"volunteer"`), fmt.Sprintf(person, `"burglar"`)
	report, err := bring(t, s, "member", collected(one, one, bad))
	if err != nil {
		t.Fatal(err)
	}
	if report.Inserted != 1 || report.Rejected != 2 {
		t.Errorf("%s", tally(report))
	}
	told := fmt.Sprintf("%+v\n%s%s", report.Listed, report.Text("en"), report.Text("zh")) +
		pgtest.Value(t, conn, "select string_agg(b::text, ' ') from journal.batch b")
	for _, word := range []string{"P-7701", "burglar"} {
		if strings.Contains(told, word) {
			t.Errorf("the report tells %q:\n%s", word, told)
		}
	}
}

func TestImportIntoALayerThatIsNotThere(t *testing.T) {
	t.Parallel()
	s, _ := open(t)
	if _, err := bring(t, s, "stations", collected()); !errors.Is(err, geo.ErrNotFound) ||
		!strings.Contains(fmt.Sprint(err), `"stations"`) {
		t.Errorf("got %v", err)
	}
}

// openData is a file of the folder of open data, which is found upwards of the test.
func openData(t *testing.T, name string) *format.File {
	t.Helper()
	for dir := "../../.."; len(dir) < 40; dir += "/.." {
		path := filepath.Join(dir, "shared", "data", name)
		if _, err := os.Stat(path); err != nil {
			continue
		}
		file, err := format.Open(context.Background(), path, format.Options{})
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() { _ = file.Close() })
		return file
	}
	t.Skipf("SKIPPED, NOT TESTED: no shared/data/%s beside the repository", name)
	panic("unreachable")
}

func TestOpenData(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name, file, table, publish string
		want                       string
		again                      string
	}{
		{"sidewalk grates by their id", "dc/sidewalk-grates.geojson",
			"objectid bigint not null, gis_id text, featurecode integer, description text, capturedate date, " +
				"captureyear date, captureaction text, geom geometry(Point, 4326) not null", "key_column => 'objectid'",
			"read 10147, inserted 10147, updated 0, unchanged 0", "read 10147, inserted 0, updated 0, unchanged 10147"},
		{"roads in pieces that share their id, by that id", "shanghai/shanghai_bund_roads.geojson",
			"id bigint not null, kind text, kind_detail text, name text, min_zoom float8, is_tunnel boolean, geom " +
				"geometry(MultiLineString, 4326) not null", "key_column => 'id'",
			"read 1778, inserted 1094, updated 0, unchanged 0, duplicate_key 684",
			"read 1778, inserted 0, updated 0, unchanged 1094, duplicate_key 684"},
		{"roads in pieces that share their id, without a key", "shanghai/shanghai_bund_roads.geojson",
			"id bigint not null, kind text, kind_detail text, name text, min_zoom float8, is_tunnel boolean, geom " +
				"geometry(MultiLineString, 4326) not null", "",
			"read 1778, inserted 1778, updated 0, unchanged 0", "read 1778, inserted 0, updated 0, unchanged 1778"},
		{"parks, single and multiple", "dc/parks-and-recreation-areas.geojson",
			"objectid bigint not null, name text, address text, active text, ward text, geom geometry(MultiPolygon, " +
				"4326) not null", "key_column => 'objectid'",
			"read 242, inserted 242, updated 0, unchanged 0", "read 242, inserted 0, updated 0, unchanged 242"},
		{"service requests, one of which has no geometry", "dc/trash-collection-last-30-days.geojson",
			"servicerequestid text not null, adddate timestamptz, resolutiondate timestamptz, zipcode text, priority " +
				"text, geom geometry(Point, 4326) not null", "key_column => 'servicerequestid'",
			"read 827, inserted 826, updated 0, unchanged 0, no_geometry 1",
			"read 827, inserted 0, updated 0, unchanged 826, no_geometry 1"},
		{"a coast of 5,287 polygons that touches itself", "nasty/extreme_multipolygon_NOR.geojson",
			"a3 text, geom geometry(MultiPolygon, 4326) not null", "key_column => 'a3'",
			"read 1, inserted 0, updated 0, unchanged 0, invalid_geometry 1",
			"read 1, inserted 0, updated 0, unchanged 0, invalid_geometry 1"},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			s, conn := open(t)
			source := openData(t, c.file)
			pgtest.Exec(t, conn,
				"create table city.open_data (gid bigint generated always as identity primary key, "+c.table+")",
				"select catalog.publish('city.open_data', "+strings.TrimPrefix(c.publish+", ",
					", ")+"layer => 'open_data')")
			before := ""
			for i, want := range []string{c.want, c.again} {
				if i > 0 {
					source, before = openData(t, c.file), fixed(t, conn, "city.open_data")
				}
				report, err := s.Import(context.Background(), "open_data", source,
					merge.Options{Settings: settings.Settings{Anywhere: new(true)}})
				if err != nil {
					t.Fatal(err)
				}
				if got := counts(report); got != want {
					t.Errorf("got  %s\nwant %s", got, want)
				}
				t.Logf("%v\n%s%s", report.Took.Round(time.Millisecond), report.Text("en"), report.Text("zh"))
			}
			if after := fixed(t, conn, "city.open_data"); after != before {
				t.Errorf("the same file again wrote something: %s, then %s", before, after)
			}
		})
	}
}

// counts is a report in one line, without the rejected features.
func counts(r *importer.Report) string {
	text := fmt.Sprintf("read %d, inserted %d, updated %d, unchanged %d", r.Read, r.Inserted, r.Updated, r.Unchanged)
	var reasons []string
	for reason, n := range r.Reasons {
		reasons = append(reasons, fmt.Sprintf(", %s %d", reason, n))
	}
	slices.Sort(reasons)
	return text + strings.Join(reasons, "")
}
