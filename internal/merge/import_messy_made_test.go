package merge_test

import (
	"database/sql"
	"encoding/binary"
	"errors"
	"fmt"
	"math"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/xuri/excelize/v2"
	"golang.org/x/text/encoding/unicode"
	"golang.org/x/text/width"

	"yizhan/geo"
	"yizhan/importer/format"
	"yizhan/importer/settings"
	"yizhan/internal/merge"
	"yizhan/internal/pgtest"
)

// dms is an angle in degrees, minutes and seconds of four decimals, in full-width characters.
func dms(degrees float64, side string) string {
	ticks := int64(math.Round(degrees * 3600e4))
	text := fmt.Sprintf("%d°%02d′%02d.%04d″%s", ticks/3600e4, ticks/60e4%60, ticks/1e4%60, ticks%1e4, side)
	return width.Widen.String(text)
}

func TestTextsOfCoordinatesAndEncodings(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name    string
		crs     string // without which it is asked about
		charset string
		content func(known []place) string
	}{
		{"degrees, minutes and seconds in full-width digits", "wgs84", "UTF-8", func(known []place) string {
			return table("序号,名称,区划代码,经度,纬度", known, func(i int) (string, string) {
				return dms(known[i].lon, "E"),
					dms(known[i].lat, "N")
			})
		}},
		{"latitude in degrees, minutes and seconds first", "EPSG:4490", "UTF-8", func(known []place) string {
			return table("序号,名称,区划代码,纬度,经度", known, func(i int) (string, string) {
				return dms(known[i].lat, "N"),
					dms(known[i].lon, "E")
			})
		}},
		{"BD-09 in UTF-16", "bd09", "UTF-16", func(known []place) string {
			text := table("序号,名称,区划代码,百度经度,百度纬度", known, func(i int) (string, string) {
				lon, lat := geo.BD09.FromWGS84(known[i].lon, known[i].lat)
				return fmt.Sprintf("%.7f", lon), fmt.Sprintf("%.7f", lat)
			})
			text = strings.NewReplacer("百度", "").Replace(text)
			wide, err := unicode.UTF16(unicode.LittleEndian, unicode.UseBOM).NewEncoder().String(text)
			if err != nil {
				return err.Error()
			}
			return wide
		}},
		{"GCJ-02 as well-known text behind tabs", "gcj02", "UTF-8", func(known []place) string {
			text := "名称\t区划代码\tWKT\n"
			for _, p := range known {
				lon, lat := geo.GCJ02.FromWGS84(p.lon, p.lat)
				text += fmt.Sprintf("%s\t%s\tPOINT (%.7f %.7f)\n", p.name, p.adcode, lon, lat)
			}
			return text
		}},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			s, conn, known := seats(t)
			path := written(t, "座位.csv", []byte(c.content(known)))
			_, err := take(t, s, "seat", path, format.Options{}, merge.Options{})
			asked(t, err, "--crs gcj02")
			report, err := take(t, s, "seat", path, format.Options{},
				merge.Options{Settings: settings.Settings{CRS: said(c.crs)}})
			if err != nil {
				t.Fatal(err)
			}
			landed(t, conn, 15)
			if !strings.HasPrefix(report.Charset, c.charset) {
				t.Errorf("the text is in %s", report.Charset)
			}
		})
	}
}

func TestAWorkbookWithTitlesAndATotal(t *testing.T) {
	t.Parallel()
	s, conn, known := seats(t)
	list := numbers(t, conn, known, 4526)
	book := excelize.NewFile()
	defer book.Close()
	rows := [][]any{{"南阳市县城座位台账"}, {"填报单位：测绘院", nil, nil, "日期：2021年6月"}, {"序号", "名称", "区划代码", "Y坐标", "X坐标"}}
	for i, p := range known {
		rows = append(rows, []any{i + 1, p.name, p.adcode, list[i][0], list[i][1]})
	}
	rows = append(rows, []any{"合计", nil, len(known)})
	for i, row := range rows {
		if err := book.SetSheetRow("Sheet1", fmt.Sprintf("A%d", i+1), &row); err != nil {
			t.Fatal(err)
		}
	}
	if err := errors.Join(book.MergeCell("Sheet1", "A1", "E1"), book.MergeCell("Sheet1", "A2", "C2")); err != nil {
		t.Fatal(err)
	}
	path := filepath.Join(t.TempDir(), "座位.xlsx")
	if err := book.SaveAs(path); err != nil {
		t.Fatal(err)
	}
	report, err := take(t, s, "seat", path, format.Options{}, merge.Options{})
	if err != nil {
		t.Fatal(err)
	}
	landed(t, conn, 15)
	if report.Read != 15 {
		t.Errorf("%d rows were read", report.Read)
	}
	says(t, report, "合计", "EPSG:4526", "Sheet1")
}

func TestAGeoPackageInMetres(t *testing.T) {
	t.Parallel()
	s, conn, known := seats(t)
	path := filepath.Join(t.TempDir(), "seats.gpkg")
	db, err := sql.Open("sqlite", path)
	if err != nil {
		t.Fatal(err)
	}
	run := func(statement string, args ...any) {
		t.Helper()
		if _, err := db.Exec(statement, args...); err != nil {
			t.Fatal(err)
		}
	}
	run(`create table gpkg_spatial_ref_sys (srs_name text, srs_id integer primary key, organization text, organization_coordsys_id integer, definition text, description text)`)
	run(`create table gpkg_contents (table_name text primary key, data_type text, identifier text, srs_id integer)`)
	run(`create table gpkg_geometry_columns (table_name text, column_name text, geometry_type_name text, srs_id integer, z tinyint, m tinyint)`)
	run(`insert into gpkg_spatial_ref_sys values ('CGCS2000 / 3-degree Gauss-Kruger CM 114E', 4547, 'EPSG', 4547, 'undefined', '')`)
	run(`insert into gpkg_contents values ('座位', 'features', '', 4547)`)
	run(`insert into gpkg_geometry_columns values ('座位', 'geom', 'POINT', 4547, 0, 0)`)
	run(`create table "座位" (fid integer primary key, "名称" text, "区划代码" text, geom blob)`)
	for i, xy := range numbers(t, conn, known, 4547) {
		blob := append([]byte{'G', 'P', 0, 1}, binary.LittleEndian.AppendUint32(nil, 4547)...)
		blob = append(blob, 1, 1, 0, 0, 0)
		blob = binary.LittleEndian.AppendUint64(blob, math.Float64bits(xy[0]))
		blob = binary.LittleEndian.AppendUint64(blob, math.Float64bits(xy[1]))
		run(`insert into "座位" values (?, ?, ?, ?)`, i+1, known[i].name, known[i].adcode, blob)
	}
	if err := db.Close(); err != nil {
		t.Fatal(err)
	}
	report, err := take(t, s, "seat", path, format.Options{}, merge.Options{})
	if err != nil {
		t.Fatal(err)
	}
	landed(t, conn, 15)
	says(t, report, "EPSG:4547", "GeoPackage")
}

// An old survey of the truth: Xian 1980, 114°, seen through a shift of our own.
const (
	oldShift  = "-118.5,62.25,31.75,0.85,-1.25,0.4,3.5"
	oldSurvey = "+proj=tmerc +lat_0=0 +lon_0=114 +k=1 +x_0=500000 +y_0=0 +a=6378140 +rf=298.257 +towgs84=" + oldShift +
		" +units=m +no_defs"
)

func TestOldSurveysNeedParametersOrControlPoints(t *testing.T) {
	t.Parallel()
	s, conn, known := seats(t)
	list := numbers(t, conn, known, oldSurvey)
	prj := pgtest.Value(t, conn, "select srtext from spatial_ref_sys where srid = 2383")
	path := shapefile(t, prj, known, list)
	_, err := take(t, s, "seat", path, format.Options{}, merge.Options{})
	asked(t, err, "--shift", "--control")
	_, err = take(t, s, "seat", path, format.Options{},
		merge.Options{Settings: settings.Settings{CRS: said("EPSG:2383")}})
	asked(t, err, "--shift", "--control")
	var control strings.Builder
	control.WriteString("from_e,from_n,to_lon,to_lat\n")
	for _, i := range []int{1, 2, 3, 4, 10} {
		fmt.Fprintf(&control, "%.3f,%.3f,%.7f,%.7f\n", list[i][0], list[i][1], known[i].lon, known[i].lat)
	}
	for _, c := range []struct {
		name string
		o    merge.Options
	}{
		{"parameters", merge.Options{Settings: settings.Settings{Shift: said(oldShift)}}},
		{"control points", merge.Options{Control: []byte(control.String())}},
	} {
		pgtest.Exec(t, conn, "truncate city.seat")
		if _, err := take(t, s, "seat", path, format.Options{}, c.o); err != nil {
			t.Fatalf("%s: %v", c.name, err)
		}
		landed(t, conn, 15)
		if got := pgtest.Value(t, conn, "select transformation from journal.batch order by id desc limit 1"); !strings.Contains(got, "EPSG:2383") {
			t.Errorf("%s: the ledger of imports has %q", c.name, got)
		}
	}
	_, err = take(t, s, "seat", path, format.Options{},
		merge.Options{Settings: settings.Settings{Shift: said(oldShift)}, Control: []byte(control.String())})
	if !errors.Is(err, geo.ErrInvalid) {
		t.Errorf("both at once: %v", err)
	}
	few := strings.Join(strings.SplitAfter(control.String(), "\n")[:3], "")
	if _, err = take(t, s, "seat", path, format.Options{}, merge.Options{Control: []byte(few)}); !errors.Is(err, geo.ErrInvalid) {
		t.Errorf("two control points: %v", err)
	}
}

// shapefile is a shapefile of points with UTF-8 texts and the given .prj; the second
// field's name is cut off inside a character.
func shapefile(t *testing.T, prj string, known []place, at [][2]float64) string {
	t.Helper()
	stem := filepath.Join(t.TempDir(), "seats")
	header := func(words int) []byte {
		b := make([]byte, 100)
		binary.BigEndian.PutUint32(b, 9994)
		binary.BigEndian.PutUint32(b[24:], uint32(words))
		binary.LittleEndian.PutUint32(b[28:], 1000)
		binary.LittleEndian.PutUint32(b[32:], 1)
		return b
	}
	shp, shx := header(50+14*len(at)), header(50+4*len(at))
	for i, xy := range at {
		shx = binary.BigEndian.AppendUint32(binary.BigEndian.AppendUint32(shx, uint32(50+14*i)), 10)
		shp = binary.BigEndian.AppendUint32(binary.BigEndian.AppendUint32(shp, uint32(i+1)), 10)
		shp = binary.LittleEndian.AppendUint32(shp, 1)
		shp = binary.LittleEndian.AppendUint64(shp, math.Float64bits(xy[0]))
		shp = binary.LittleEndian.AppendUint64(shp, math.Float64bits(xy[1]))
	}
	dbf := make([]byte, 32)
	dbf[0] = 3
	binary.LittleEndian.PutUint32(dbf[4:], uint32(len(at)))
	binary.LittleEndian.PutUint16(dbf[8:], 32+2*32+1)
	binary.LittleEndian.PutUint16(dbf[10:], 1+40+12)
	for _, field := range []struct {
		name  string
		width byte
	}{{"名称", 40}, {"区划代码", 12}} {
		d := make([]byte, 32)
		copy(d[:10], field.name)
		d[11], d[16] = 'C', field.width
		dbf = append(dbf, d...)
	}
	dbf = append(dbf, '\r')
	for _, p := range known {
		dbf = append(dbf, ' ')
		dbf = append(dbf, p.name+strings.Repeat(" ", 40-len(p.name))...)
		dbf = append(dbf, p.adcode+strings.Repeat(" ", 12-len(p.adcode))...)
	}
	for suffix, content := range map[string][]byte{".shp": shp, ".shx": shx, ".dbf": append(dbf, 0x1a),
		".prj": []byte(prj)} {
		if err := os.WriteFile(stem+suffix, content, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	return stem + ".shp"
}
