package gpkg

import (
	"context"
	"database/sql"
	"encoding/binary"
	"errors"
	"fmt"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"yizhan/geo"
	"yizhan/importer/record"
	"yizhan/importer/record/recordtest"
)

// Tables that every GeoPackage has (OGC 12-128r18, annex C).
const standardTables = `
create table gpkg_spatial_ref_sys (srs_name text, srs_id integer primary key, organization text,
  organization_coordsys_id integer, definition text, description text);
create table gpkg_contents (table_name text primary key, data_type text, identifier text, srs_id integer);
create table gpkg_geometry_columns (table_name text, column_name text, geometry_type_name text, srs_id integer,
  z tinyint, m tinyint);
insert into gpkg_spatial_ref_sys values ('zone 38', 4547, 'EPSG', 4547, 'PROJCS[…]', ''),
  ('local', 900001, 'NONE', 900001, 'PROJCS["南阳城建"]', ''),
  ('undefined', 0, 'NONE', 0, 'undefined', '');`

// featureTable declares a table of features.
func featureTable(name, kind string, srs int) string {
	name = strings.ReplaceAll(name, "'", "''")
	return fmt.Sprintf("insert into gpkg_contents values ('%s', 'features', '', %d); insert into "+
		"gpkg_geometry_columns values ('%s', 'geom', '%s', %d, 0, 0);", name, srs, name, kind, srs)
}

// database makes a SQLite file by statements.
func database(t testing.TB, statements ...string) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), "台账 #1?%.gpkg")
	name := strings.NewReplacer("%", "%25", "?", "%3F", "#", "%23", " ", "%20").Replace(path)
	db, err := sql.Open("sqlite", "file:"+name)
	recordtest.Must(t, err)
	for _, s := range statements {
		if _, err := db.Exec(s); err != nil {
			t.Fatalf("%s: %v", s, err)
		}
	}
	recordtest.Must(t, db.Close())
	return path
}

// point is a point as GeoPackages hold it, in hexadecimal as SQL takes it.
func point(x, y float64) string {
	return fmt.Sprintf("x'47500001b3110000%x'", wkbOf(binary.LittleEndian, 1, x, y))
}

func opened(t *testing.T, path string, o record.Options) *record.File {
	t.Helper()
	f, err := Open(t.Context(), recordtest.Input(path, o))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		recordtest.Must(t, f.Close())
	})
	return f
}

func TestGeoPackageRows(t *testing.T) {
	path := database(t, standardTables, featureTable(`窨"井'`, "POINT", 4547),
		`create table "窨""井'" (fid integer primary key, geom blob, "名 称" text(20), "启用" boolean,
		"高" double, "建" date, "照片" blob, "杂" text)`,
		`insert into "窨""井'" values
		(9, `+point(3, 4)+`, '乙', 0, 1e30, '2021-06-30', x'ff', 12),
		(2, `+point(1, 2)+`, '甲', 1, 0.1, '2021-06-30T00:00:00Z', null, x'00'),
		(11, null, '', 7, 5.0, null, null, 'x'),
		(12, x'00', null, null, null, null, null, null),
		(13, 'POINT(1 2)', null, null, 9e999, null, null, cast(x'ff' as text))`)
	f := opened(t, path, record.Options{})
	lines, _ := recordtest.Records(t, f)
	recordtest.Expect(t, lines,
		"1 | point 1 2 | fid=2 | 名 称='甲' | 启用=true | 高=0.1 | 建='2021-06-30T00:00:00Z' | 杂=null",
		"2 | point 3 4 | fid=9 | 名 称='乙' | 启用=false | 高=1e+30 | 建='2021-06-30' | 杂='12'",
		"3 | !no_geometry   | fid=11 | 名 称='' | 启用=7 | 高=5 | 建=null | 杂='x'",
		"4 | !too_large   | fid=12 | 名 称=null | 启用=null | 高=null | 建=null | 杂=null",
		"5 | !bad_coordinates   | fid=13 | 名 称=null | 启用=null | 高='+Inf' | 建=null | 杂='\xff'")
	if f.Count != 5 || len(f.Kinds) != 1 || f.Kinds[0] != geo.Point ||
		f.Said != (record.Said{Where: "gpkg_spatial_ref_sys", Text: "EPSG:4547"}) {
		t.Errorf("count %d, kinds %v, said %v", f.Count, f.Kinds, f.Said)
	}
	notes := recordtest.English(record.End{Notes: f.Notes})
	if !strings.Contains(notes, "binary columns skipped: 照片") {
		t.Errorf("the notes are %q", notes)
	}
}

func TestGeoPackageLimits(t *testing.T) {
	path := database(t, standardTables, featureTable("t", "POINT", 0),
		`create table t (id integer primary key, geom blob, a text, b text)`,
		`insert into t values (1, `+point(1, 2)+`, 'x', hex(zeroblob(1000))), (2, zeroblob(2000), 'x', 'x'),
		(3, `+point(1, 2)+`, hex(zeroblob(400)), hex(zeroblob(400)))`)
	f := opened(t, path, record.Options{Limits: record.Limits{RecordBytes: 1000}})
	lines, _ := recordtest.Records(t, f)
	recordtest.Expect(t, lines, "1 | !too_large b  | id=1 | a='x' | b=null",
		"2 | !too_large   | id=2 | a='x' | b='x'", "3 | !too_large  ")
	if f.Said != (record.Said{}) {
		t.Errorf("a system that is not known is %v", f.Said)
	}
}

func TestGeoPackageTables(t *testing.T) {
	one := func(name string, srs int) string {
		return featureTable(name, "MULTILINESTRING", srs) +
			fmt.Sprintf(`create table "%s" (fid integer primary key, geom blob);`, name)
	}
	two := database(t, standardTables, one("roads", 4547), one("座椅", 900001),
		"insert into roads (geom) values (null), (null)")
	f := opened(t, two, record.Options{Inside: "座椅"})
	if f.Said.Text != `PROJCS["南阳城建"]` || f.Kinds[0] != geo.Line {
		t.Errorf("the local system is %v, the kinds %v", f.Said, f.Kinds)
	}
	big := filepath.Join(t.TempDir(), "big.gpkg")
	whole, err := os.ReadFile(two)
	recordtest.Must(t, err)
	recordtest.Must(t, os.WriteFile(big, whole[:len(whole)-5000], 0o600))
	text := filepath.Join(t.TempDir(), "text.gpkg")
	recordtest.Must(t, os.WriteFile(text, []byte("名称,经度,纬度"), 0o600))
	open := database(t, standardTables, one("t", 0))
	recordtest.Must(t, os.WriteFile(open+"-wal", []byte("changes"), 0o600))
	tests := []struct {
		name, path string
		options    record.Options
		want       string
		is         error
	}{
		{"two tables", two, record.Options{}, "roads (2), 座椅 (0); choose one with --inside NAME", geo.ErrInvalid},
		{"a table that is not there", two, record.Options{Inside: "井盖"},
			`table "井盖" not found among its tables of features: roads (2), 座椅 (0)`, geo.ErrNotFound},
		{"cut off", big, record.Options{}, "is damaged", geo.ErrInvalid},
		{"not SQLite", text, record.Options{}, "is not a GeoPackage", geo.ErrInvalid},
		{"no file", "none.gpkg", record.Options{}, "file not found", geo.ErrNotFound},
		{"SQLite of another kind", database(t, "create table t (a)"), record.Options{}, "no table gpkg_contents",
			geo.ErrInvalid},
		{"no table of features", database(t, standardTables), record.Options{}, "contains no table of features",
			geo.ErrInvalid},
		{"a table that is declared and not there", database(t, standardTables, featureTable("t", "POINT", 0)),
			record.Options{}, "no such table", geo.ErrInvalid},
		{"a column that is declared and not there", database(t, standardTables, featureTable("t", "POINT", 0),
			"create table t (a)"), record.Options{}, "has no column geom", geo.ErrInvalid},
		{"more columns than taken", database(t, standardTables, one("t", 0)),
			record.Options{Limits: record.Limits{Columns: 1}}, "has 2 columns, more than the limit of 1",
			geo.ErrInvalid},
		{"changes that are not written yet", open, record.Options{}, "close the program", geo.ErrConflict},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			_, err := Open(t.Context(), recordtest.Input(test.path, test.options))
			if err == nil || !strings.Contains(err.Error(), test.want) || !errors.Is(err, test.is) {
				t.Fatalf("got %v, want %q", err, test.want)
			}
		})
	}
}

func TestGeoPackageEndlessView(t *testing.T) {
	path := database(t, standardTables, featureTable("endless", "POINT", 0),
		`create view endless as with recursive n(i) as (select 1 union all select i + 1 from n)
		select i as id, null as geom from n where i < 0`,
		`create table gpkg_ogr_contents (table_name text, feature_count integer);
		insert into gpkg_ogr_contents values ('endless', 1)`)
	f := opened(t, path, record.Options{})
	gone := errors.New("the planner went home")
	ctx, cancel := context.WithTimeoutCause(t.Context(), 200*time.Millisecond, gone)
	defer cancel()
	cut, err := f.Cutter(ctx, &record.Pace{})
	if err == nil {
		err = cut.Next(&record.Batch{})
		cut.Close()
	}
	if !errors.Is(err, gone) {
		t.Errorf("a reading that was ended gives %v", err)
	}
}

func TestGeoPackageBreaksOffInItsRows(t *testing.T) {
	path := database(t, standardTables, featureTable("t", "POINT", 0),
		"create table t (id integer primary key, geom blob, a text)",
		"insert into t (geom, a) with recursive n(i) as (select 1 union all select i + 1 from n where i < 5000) "+
			"select "+point(1, 2)+", hex(randomblob(100)) from n")
	b, err := os.ReadFile(path)
	recordtest.Must(t, err)
	for i := len(b) / 2; i < len(b); i++ {
		b[i] = 0xff
	}
	recordtest.Must(t, os.WriteFile(path, b, 0o600))
	f, err := Open(t.Context(), recordtest.Input(path, record.Options{}))
	if err == nil {
		defer f.Close()
		cut, err2 := f.Cutter(t.Context(), &record.Pace{})
		for err = err2; err == nil; {
			err = cut.Next(&record.Batch{})
		}
	}
	if !errors.Is(err, geo.ErrInvalid) {
		t.Errorf("a file with half its pages gone gives %v", err)
	}
}

// TestGeoPackageOfGDAL reads what ogr2ogr writes.
func TestGeoPackageOfGDAL(t *testing.T) {
	ogr2ogr, err := exec.LookPath("ogr2ogr")
	if err != nil {
		t.Skip("SKIPPED: ogr2ogr (gdal-bin) is not installed, so no GeoPackage of GDAL is read")
	}
	dir := t.TempDir()
	source := filepath.Join(dir, "in.geojson")
	recordtest.Must(t, os.WriteFile(source, []byte(`{"type":"FeatureCollection","features":[
{"type":"Feature","properties":{"名称":"甲","数量":3,"启用":true,"日期":"2021-06-30"},
"geometry":{"type":"Polygon","coordinates":[[[0,0,5],[4,0,5],[4,4,5],[0,0,5]]]}},
{"type":"Feature","properties":{"名称":null,"数量":4.5,"启用":false},"geometry":null}]}`), 0o600))
	path := filepath.Join(dir, "out.gpkg")
	if out, err := exec.CommandContext(t.Context(), ogr2ogr, "-f", "GPKG", path, source, "-nln", "花坛", "-a_srs",
		"EPSG:4547").CombinedOutput(); err != nil {
		t.Fatalf("ogr2ogr: %v\n%s", err, out)
	}
	f := opened(t, path, record.Options{})
	lines, _ := recordtest.Records(t, f)
	recordtest.Expect(t, lines,
		"1 | polygon 0 0, 4 0, 4 4, 0 0; ends [4]; parts [1]; flat | fid=1 | 名称='甲' | 数量=3 | 启用=true | "+
			"日期='2021-06-30'",
		"2 | !no_geometry   | fid=2 | 名称=null | 数量=4.5 | 启用=false | 日期=null")
	if f.Count != 2 || f.Said.Text != "EPSG:4547" {
		t.Errorf("count %d, said %v", f.Count, f.Said)
	}
}

func TestGeoPackageBlob(t *testing.T) {
	point := wkbOf(binary.LittleEndian, 1, 1., 2.)
	head := func(version, flags byte, envelope int) []byte {
		return append([]byte{'G', 'P', version, flags, 0, 0, 0, 0}, make([]byte, envelope)...)
	}
	for _, test := range []struct {
		name string
		blob []byte
		want string
	}{
		{"without an envelope", append(head(0, 1, 0), point...), "point 1 2"},
		{"with a flat envelope", append(head(0, 3, 32), point...), "point 1 2"},
		{"with heights in the envelope", append(head(0, 5, 48), point...), "point 1 2"},
		{"with measures in the envelope", append(head(0, 7, 48), point...), "point 1 2"},
		{"with both", append(head(0, 9, 64), point...), "point 1 2"},
		{"an envelope of a kind that does not exist", append(head(0, 11, 64), point...), string(record.BadCoordinates)},
		{"empty", append(head(0, 0x11, 0), point...), string(record.EmptyGeometry)},
		{"extended", append(head(0, 0x21, 0), point...), string(record.WrongKind)},
		{"a later version", append(head(1, 1, 0), point...), string(record.BadCoordinates)},
		{"an envelope that breaks off", head(0, 3, 31), string(record.BadCoordinates)},
		{"no header", point, string(record.BadCoordinates)},
		{"nothing", nil, string(record.BadCoordinates)},
	} {
		var s record.Shape
		got := ""
		if fault := parseBlob(test.blob, &s, record.Limits{Vertices: 8}); fault != nil {
			got = string(fault.Reason)
		} else {
			got = recordtest.Shape(&s)
		}
		if got != test.want {
			t.Errorf("%s: got %s, want %s", test.name, got, test.want)
		}
	}
}

func FuzzGeoPackageBlob(f *testing.F) {
	point := wkbOf(binary.LittleEndian, 1, 1., 2.)
	f.Add(append([]byte("GP\x00\x01\x00\x00\x00\x00"), point...))
	f.Add(append(append([]byte("GP\x00\x03\x00\x00\x00\x00"), make([]byte, 32)...), point...))
	f.Fuzz(func(t *testing.T, b []byte) {
		var s record.Shape
		if parseBlob(b, &s, record.Limits{Vertices: 1000}) == nil {
			checkShape(t, &s)
		}
	})
}

func BenchmarkGeoPackage(b *testing.B) {
	const rows, seed = 20_000, 1
	random := rand.New(rand.NewPCG(seed, 0))
	values := make([]string, rows)
	for i := range values {
		values[i] = fmt.Sprintf("(%s, 'NY%06d', '座椅%d', '木制', %d, '仲景路与人民路交叉口', '2021-06-30')",
			point(112+random.Float64(), 32+random.Float64()), i, i%100, random.IntN(10))
	}
	path := database(b, standardTables, featureTable("t", "POINT", 0),
		"create table t (fid integer primary key, geom blob, 编号 text, 名称 text, 类型 text, 数量 integer, 备注 text, 日期 "+
			"date)",
		"insert into t (geom, 编号, 名称, 类型, 数量, 备注, 日期) values "+strings.Join(values, ","))
	recordtest.Drain(b, rows, func() (*record.File, error) {
		return Open(b.Context(), recordtest.Input(path, record.Options{}))
	})
}
