package gdal

import (
	"context"
	"errors"
	"fmt"
	"io"
	"math"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"yizhan/geo"
	"yizhan/importer/format/geojson"
	"yizhan/importer/record"
	"yizhan/importer/record/recordtest"
)

// wells are two manholes in CGCS2000, 3-degree zone with central meridian 114°E, and in degrees.
const (
	wellsMetres = `{"type":"FeatureCollection",
"crs":{"type":"name","properties":{"name":"urn:ogc:def:crs:EPSG::4547"}},"features":[
{"type":"Feature","properties":{"name":"窨井一","n":3},
"geometry":{"type":"Point","coordinates":[361899.8441,3652902.3182]}},
{"type":"Feature","properties":{"name":"驿站","n":4},
"geometry":{"type":"Point","coordinates":[361900.1234,3652903.5678]}}]}`
	wellsDegrees = `{"type":"FeatureCollection","features":[
{"type":"Feature","properties":{"name":"窨井一","n":3},
"geometry":{"type":"Point","coordinates":[112.522443312,32.992646912]}},
{"type":"Feature","properties":{"name":"驿站","n":4},
"geometry":{"type":"Point","coordinates":[112.5,33]}}]}`
)

func needGDAL(t testing.TB) {
	t.Helper()
	if _, err := exec.LookPath("ogr2ogr"); err != nil {
		t.Skip("SKIPPED: ogr2ogr is not installed (sudo apt-get install gdal-bin), so reading through it is not " +
			"tested")
	}
}

// made writes GeoJSON in another format, through ogr2ogr, and returns the file.
func made(t testing.TB, geojson, format, name string, args ...string) string {
	t.Helper()
	needGDAL(t)
	dir := t.TempDir()
	from, to := filepath.Join(dir, "from.geojson"), filepath.Join(dir, "made", name)
	if err := errors.Join(os.WriteFile(from, []byte(geojson), 0o600), os.Mkdir(filepath.Dir(to), 0o700)); err != nil {
		t.Fatal(err)
	}
	if out, err := exec.Command("ogr2ogr", append([]string{"-f", format, to, from},
		args...)...).CombinedOutput(); err != nil {
		t.Fatalf("%v: %s", err, out)
	}
	return to
}

// throughGDAL opens a file with temporary files in a folder of the test.
func throughGDAL(t testing.TB, at string, options record.Options) (*record.File, error) {
	t.Helper()
	needGDAL(t)
	return Open(t.Context(), record.Input{Name: filepath.Base(at), Path: at, Options: options})
}

// features reads a file through and returns a line for each record.
func features(ctx context.Context, file *record.File) (lines []string, end record.End, err error) {
	cutter, err := file.Cutter(ctx, &record.Pace{})
	if err != nil {
		return nil, record.End{}, err
	}
	defer func() { err = errors.Join(err, cutter.Close()) }()
	decoder, rec, batch := file.Decoder(), &record.Record{}, &record.Batch{}
	for {
		if err := cutter.Next(batch); errors.Is(err, io.EOF) {
			return lines, cutter.End(), nil
		} else if err != nil {
			return lines, record.End{}, err
		}
		for _, span := range batch.Spans {
			decoder.Decode(batch.Data[span.Start:span.End], rec)
			lines = append(lines, told(rec))
		}
	}
}

func told(rec *record.Record) string {
	var b strings.Builder
	fmt.Fprintf(&b, "%s %.9f", rec.Shape.Kind, rec.Shape.Coordinates)
	for _, v := range rec.Values {
		if v.Kind != record.Null && (string(v.Name) == "name" || string(v.Name) == "Name" || string(v.Name) == "n" ||
			string(v.Name) == "Text" || string(v.Name) == "Layer" || string(v.Name) == "名称") {
			fmt.Fprintf(&b, " %s=%s", strings.ToLower(string(v.Name)), v.Text)
		}
	}
	if rec.Fault != nil {
		fmt.Fprintf(&b, " fault %s", rec.Fault.Reason)
	}
	return b.String()
}

func closed(t testing.TB, file *record.File) {
	t.Helper()
	if err := file.Close(); err != nil {
		t.Error(err)
	}
}

func TestWhatOgr2ogrReads(t *testing.T) {
	degrees := []string{"point [112.522443312 32.992646912] name=窨井一 n=3",
		"point [112.500000000 33.000000000] name=驿站 n=4"}
	metres := []string{"point [361899.844100000 3652902.318200000] name=窨井一 n=3",
		"point [361900.123400000 3652903.567800000] name=驿站 n=4"}
	for _, c := range []struct {
		geojson, format, name string
		args                  []string
		title, said           string
		want                  []string
	}{
		{wellsDegrees, "KML", "井.kml", nil, "KML", `"WGS 84"`, degrees},
		{wellsDegrees, "LIBKML", "井.kmz", nil, "KMZ", `"WGS 84"`, degrees},
		{wellsDegrees, "GML", "井.gml", nil, "GML", `AUTHORITY["EPSG","4326"]`, degrees},
		{wellsMetres, "GML", "井.gml", nil, "GML", `AUTHORITY["EPSG","4547"]`, metres},
		{wellsMetres, "FlatGeobuf", "井.fgb", []string{"-lco", "SPATIAL_INDEX=NO"}, "FlatGeobuf",
			`AUTHORITY["EPSG","4547"]`, metres},
		{wellsMetres, "SQLite", "井.sqlite", nil, "SQLite", `AUTHORITY["EPSG","4547"]`, metres},
		{wellsMetres, "OpenFileGDB", "井.gdb", nil, "File Geodatabase", `AUTHORITY["EPSG","4547"]`,
			[]string{"point [361899.844099998 3652902.318200111] name=窨井一 n=3",
				"point [361900.123400211 3652903.567800045] name=驿站 n=4"}}, // a geodatabase has a grid of 0.1 µm
		{wellsDegrees, "MapInfo File", "井.tab", []string{"-a_srs", "EPSG:4326", "-lco", "ENCODING=CP936"},
			"MapInfo TAB", "",
			[]string{"point [112.522443000 32.992647000] name=窨井一 n=3",
				"point [112.500000000 33.000000000] name=驿站 n=4"}}, // a TAB has six decimals
	} {
		t.Run(c.title+" "+c.said, func(t *testing.T) {
			at := made(t, c.geojson, c.format, c.name, c.args...)
			before := recordtest.Left(t, filepath.Dir(at))
			file, err := throughGDAL(t, at, record.Options{})
			if err != nil {
				t.Fatal(err)
			}
			defer closed(t, file)
			if !strings.HasPrefix(file.Format, c.title+" (ogr2ogr 3.") || file.Charset != "UTF-8" || file.Size == 0 ||
				file.Fields != nil {
				t.Errorf("%+v", file)
			}
			if c.said != "" && (file.Said.Where != "ogr2ogr" || !strings.Contains(file.Said.Text, c.said)) {
				t.Errorf("it says %+v of its system, want %s", file.Said, c.said)
			}
			for range 2 { // as often as wanted
				got, end, err := features(t.Context(), file)
				if err != nil || strings.Join(got, "\n") != strings.Join(c.want, "\n") || end.Said != nil {
					t.Errorf("%q, %+v, %v; want %q", got, end, err, c.want)
				}
			}
			if after := recordtest.Left(t, filepath.Dir(at)); after != before {
				t.Errorf("%d files lie beside it, and %d did", after, before)
			}
		})
	}
}

func TestASourceWithoutSystemSaysNone(t *testing.T) {
	file, err := throughGDAL(t, made(t, wellsMetres, "FlatGeobuf", "a.fgb", "-a_srs", "NONE", "-lco",
		"SPATIAL_INDEX=NO"), record.Options{})
	if err != nil {
		t.Fatal(err)
	}
	defer closed(t, file)
	if file.Said != (record.Said{}) || file.Count != 2 || len(file.Kinds) != 1 || file.Kinds[0] != geo.Point {
		t.Errorf("%+v", file)
	}
}

func TestTheLayerIsChosen(t *testing.T) {
	waypoints := `<gpx version="1.1" creator="x" xmlns="http://www.topografix.com/GPX/1/1">
		<wpt lat="33" lon="112.5"><name>驿站</name></wpt>%s</gpx>`
	route := `<rte><name>一路</name><rtept lat="33" lon="112.5"/><rtept lat="33.1" lon="112.6"/></rte>`
	one, two := recordtest.Stored(t, "one.gpx", fmt.Appendf(nil, waypoints, "")),
		recordtest.Stored(t, "two.gpx", fmt.Appendf(nil, waypoints, route))
	for _, c := range []struct {
		what, at, inside string
		want             string
		fault            error
		says             string
	}{
		{"the only one with features", one, "", "point [112.500000000 33.000000000] name=驿站", nil, ""},
		{"one that is named", two, "routes", "line [112.500000000 33.000000000 112.600000000 33.100000000] name=一路",
			nil, ""},
		{"one of several", two, "", "", geo.ErrInvalid, `"waypoints", "routes"`},
		{"one that is not there", two, "roads", "", geo.ErrNotFound, `"waypoints", "routes"`},
		{"an option", two, "-sql", "", geo.ErrNotFound, `layer "-sql" not found`},
	} {
		t.Run(c.what, func(t *testing.T) {
			file, err := throughGDAL(t, c.at, record.Options{Inside: c.inside})
			if !errors.Is(err, c.fault) || err != nil && !strings.Contains(err.Error(), c.says) {
				t.Fatalf("%v", err)
			}
			if err != nil {
				return
			}
			defer closed(t, file)
			if got, _, err := features(t.Context(), file); err != nil || len(got) != 1 || got[0] != c.want {
				t.Errorf("%q, %v", got, err)
			}
		})
	}
}

func TestAnyNameOfAFile(t *testing.T) {
	for _, name := range []string{"-overwrite.kml", "with spaces.kml", `quo'te"s.kml`, "窨井（新）.kml",
		"$(touch x);`id`.kml", "a%20b&c.kml", "PG:dbname=x.kml"} {
		t.Run(name, func(t *testing.T) {
			data, err := os.ReadFile(made(t, wellsDegrees, "KML", "a.kml"))
			if err != nil {
				t.Fatal(err)
			}
			file, err := throughGDAL(t, recordtest.Stored(t, name, data), record.Options{})
			if err != nil {
				t.Fatal(err)
			}
			defer closed(t, file)
			if got, _, err := features(t.Context(), file); err != nil || len(got) != 2 {
				t.Errorf("%q, %v", got, err)
			}
		})
	}
}

func TestARelativePathWithADash(t *testing.T) {
	data, err := os.ReadFile(made(t, wellsDegrees, "KML", "a.kml"))
	if err != nil {
		t.Fatal(err)
	}
	t.Chdir(filepath.Dir(recordtest.Stored(t, "-f.kml", data)))
	file, err := throughGDAL(t, "-f.kml", record.Options{})
	if err != nil {
		t.Fatal(err)
	}
	defer closed(t, file)
	if got, _, err := features(t.Context(), file); err != nil || len(got) != 2 {
		t.Errorf("%q, %v", got, err)
	}
}

func TestWhatIsNotGivenToGDAL(t *testing.T) {
	vrt := `<OGRVRTDataSource><OGRVRTLayer name="passwd">
		<SrcDataSource>CSV:/etc/passwd</SrcDataSource></OGRVRTLayer></OGRVRTDataSource>`
	for _, c := range []struct {
		what, at string
		says     string
	}{
		{"a VRT", recordtest.Stored(t, "a.vrt", []byte(vrt)), "VRT"},
		{"a VRT called KML", recordtest.Stored(t, "a.kml", []byte(vrt)), "VRT"},
		{"a VRT called GML, in UTF-16", recordtest.Stored(t, "a.gml", utf16le(vrt)), "VRT"},
		{"a VRT of a service in a comment of GML", recordtest.Stored(t, "a.gml", []byte("<!-- opengis.net/gml -->"+
			strings.ReplaceAll(vrt, "CSV:/etc/passwd", "http://127.0.0.1/x"))), "VRT"},
		{"a virtual file system", "/vsicurl/http://127.0.0.1/a.kml", "/vsi"},
		{"a virtual file system of standard input", "/vsistdin/", "/vsi"},
		{"a WFS description", recordtest.Stored(t, "a.xml",
			[]byte("<OGRWFSDataSource><URL>http://127.0.0.1</URL></OGRWFSDataSource>")), "unsupported format"},
		{"a drawing of AutoCAD", recordtest.Stored(t, "a.dwg", []byte("AC1032")), "DXF"},
		{"a drawing of AutoCAD called DXF", recordtest.Stored(t, "a.dxf", []byte("AC1032")), "DWG"},
		{"a binary DXF", recordtest.Stored(t, "a.dxf", []byte("AutoCAD Binary DXF\r\n\x1a\x00")), "binary DXF"},
		{"a packed KML", recordtest.Stored(t, "a.kml", []byte("\x1f\x8b\x08")), "unpack it"},
		{"a page called KML", recordtest.Stored(t, "a.kml", []byte("<html>404</html>")), "not KML"},
		{"an empty file", recordtest.Stored(t, "a.fgb", nil), "not FlatGeobuf"},
		{"a folder", t.TempDir(), "folder"},
		{"a device", "/dev/zero", "not a regular file"},
	} {
		file, err := Open(t.Context(), record.Input{Name: "x", Path: c.at})
		if !errors.Is(err, geo.ErrInvalid) || !strings.Contains(err.Error(), c.says) || file != nil {
			t.Errorf("%s: %v", c.what, err)
		}
	}
}

func utf16le(s string) []byte {
	out := []byte{0xff, 0xfe}
	for _, r := range s {
		out = append(out, byte(r), byte(r>>8))
	}
	return out
}

// TestADataSetCannotPointElsewhere goes past the look at the content: with the
// drivers left to it GDAL itself opens neither a VRT nor a service.
func TestADataSetCannotPointElsewhere(t *testing.T) {
	needGDAL(t)
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer listener.Close()
	reached := make(chan bool, 1)
	go func() {
		if c, err := listener.Accept(); err == nil {
			reached <- true
			_ = c.Close() // it was reached, which is the fault
		}
	}()
	g, err := findPrograms(t.Context(), record.Input{Name: "x"})
	if err != nil {
		t.Fatal(err)
	}
	defer g.close()
	url := "http://" + listener.Addr().String() + "/a.kml"
	for what, path := range map[string]string{
		"a VRT": recordtest.Stored(t, "a.vrt",
			[]byte(`<OGRVRTDataSource><OGRVRTLayer name="x"><SrcDataSource>`+url+
				`</SrcDataSource></OGRVRTLayer></OGRVRTDataSource>`)),
		"an address":            url,
		"a virtual file system": "/vsicurl/" + url,
		"a file of passwords":   "CSV:/etc/passwd",
	} {
		text, err := g.run(t.Context(), []string{g.only("LIBKML", "GeoJSON")}, g.ogrinfo, "-ro", "-so", "-al", path)
		if err == nil || strings.Contains(string(text), "Layer name") {
			t.Errorf("%s: %s, %v", what, text, err)
		}
	}
	select {
	case <-reached:
		t.Error("a service was called")
	default:
	}
}

func TestAVirtualTableIsRefused(t *testing.T) {
	at := made(t, wellsMetres, "SQLite", "a.sqlite")
	if file, err := throughGDAL(t, at, record.Options{}); err != nil {
		t.Fatalf("with nothing virtual: %v", err)
	} else {
		closed(t, file)
	}
	db, err := openWritable(at)
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	statements, err := os.ReadFile(filepath.Join("testdata", "hostile.sql"))
	if err != nil {
		t.Fatal(err)
	}
	if _, err := db.Exec(string(statements)); err != nil {
		t.Fatal(err)
	}
	if _, err := throughGDAL(t, at, record.Options{Inside: "evil"}); !errors.Is(err, geo.ErrInvalid) ||
		!strings.Contains(err.Error(), `"evil" is virtual`) {
		t.Errorf("%v", err)
	}
}

func TestAFileThatBreaksOffIsAnError(t *testing.T) {
	var many strings.Builder
	many.WriteString(`{"type":"FeatureCollection","features":[`)
	for i := range 3000 {
		fmt.Fprintf(&many,
			`{"type":"Feature","properties":{"name":"窨井 %d"},`+
				`"geometry":{"type":"Point","coordinates":[112.5%d,33]}},`, i, i)
	}
	collection := strings.TrimSuffix(many.String(), ",") + "]}"
	for _, c := range []struct {
		format, name string
		args         []string
	}{
		{"KML", "a.kml", nil}, {"GML", "a.gml", nil}, {"DXF", "a.dxf", nil},
		{"FlatGeobuf", "a.fgb", nil}, {"FlatGeobuf", "plain.fgb", []string{"-lco", "SPATIAL_INDEX=NO"}},
		{"SQLite", "a.sqlite", nil}, {"GPX", "a.gpx", []string{"-dsco", "GPX_USE_EXTENSIONS=YES"}},
	} {
		at := made(t, collection, c.format, c.name, c.args...)
		whole, err := os.ReadFile(at)
		if err != nil {
			t.Fatal(err)
		}
		for _, share := range []float64{0.1, 0.5, 0.9, 0.999} {
			cut := filepath.Join(filepath.Dir(at), "cut"+filepath.Ext(at))
			if err := os.WriteFile(cut, whole[:int(math.Floor(share*float64(len(whole))))], 0o600); err != nil {
				t.Fatal(err)
			}
			file, err := throughGDAL(t, cut, record.Options{Inside: insideGPX(c.format)})
			if err == nil {
				_, _, err = features(t.Context(), file)
				closed(t, file)
			}
			if !errors.Is(err, geo.ErrInvalid) {
				t.Errorf("%s cut at %v: %v", c.name, share, err)
			}
		}
	}
}

func insideGPX(format string) string {
	if format == "GPX" {
		return "waypoints"
	}
	return ""
}

func TestWithoutGDALTheRemedyIsNamed(t *testing.T) {
	t.Setenv("PATH", t.TempDir())
	_, err := Open(t.Context(), record.Input{Name: "a.kml", Path: recordtest.Stored(t, "a.kml",
		[]byte("<kml></kml>"))})
	if !errors.Is(err, geo.ErrUnavailable) || !strings.Contains(err.Error(), "gdal-bin") {
		t.Errorf("%v", err)
	}
}

// program is a GDAL whose ogr2ogr is a script.
func program(t *testing.T, script string) *programs {
	t.Helper()
	at := filepath.Join(t.TempDir(), "ogr2ogr")
	if err := os.WriteFile(at, []byte("#!/bin/sh\n"+script), 0o700); err != nil {
		t.Fatal(err)
	}
	return &programs{ogr2ogr: at, version: "0", limit: time.Minute, home: t.TempDir()}
}

// reading of a file of no kind in particular.
func (g *programs) reading() reading {
	return reading{g: g, source: &source{in: record.Input{Name: "x.kml"}, path: "/x.kml"}, size: 1000}
}

const oneFeature = `{"type":"FeatureCollection","features":[{"type":"Feature","properties":{},"geometry":null}`

func TestHowTheProgramEndsDecides(t *testing.T) {
	for _, c := range []struct {
		what, script string
		says         string // "" for a good end
	}{
		{"well", `echo '` + oneFeature + `]}'`, ""},
		{"well, with a warning", `echo '` + oneFeature + `]}'; echo "Warning 1: so so" >&2`, ""},
		{"with 1", `echo '` + oneFeature + `]}'; echo no memory >&2; exit 1`, "no memory"},
		{"with an error and 0", `echo '` + oneFeature + `]}'; echo "ERROR 1: half of it" >&2`, "half of it"},
		{"in the middle, with 0", `echo '` + oneFeature + `'`, "the file ends at byte"},
		{"by a signal", `echo '` + oneFeature + `]}'; kill -SEGV $$`, "segmentation"},
		{"with nothing written", `exit 0`, "empty"},
		{"with endless complaints", `echo '` + oneFeature + `]}'; head -c 1000000 /dev/zero | tr '\0' e >&2; exit 3`,
			"exit status 3"},
	} {
		r := program(t, c.script).reading()
		got, end, err := features(t.Context(), &record.File{Cutter: r.cutter,
			Decoder: func() record.Decoder { return geojson.NewDecoder(record.Limits{}) }})
		if c.says == "" && (err != nil || len(got) != 1) || c.says != "" &&
			(err == nil || !strings.Contains(err.Error(), c.says) || len(err.Error()) > 2*stderrBytes) {
			t.Errorf("%s: %q, %v", c.what, got, err)
		}
		if warned := len(end.Notes) == 1; warned != strings.Contains(c.what, "warning") {
			t.Errorf("%s: notes %v", c.what, end.Notes)
		}
	}
}

func TestFewerFeaturesThanDeclaredAreAnError(t *testing.T) {
	r := program(t, `echo '`+oneFeature+`]}'`).reading()
	r.count = 2
	if _, _, err := features(t.Context(), &record.File{Cutter: r.cutter,
		Decoder: func() record.Decoder { return geojson.NewDecoder(record.Limits{}) }}); !errors.Is(err,
		geo.ErrInvalid) || !strings.Contains(err.Error(), "2 features") {
		t.Errorf("%v", err)
	}
}
