package shapefile

import (
	"bytes"
	"encoding/json"
	"fmt"
	"math"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"

	"yizhan/importer/record"
)

// ogr runs ogr2ogr or skips.
func ogr(t *testing.T, args ...string) {
	t.Helper()
	program, err := exec.LookPath("ogr2ogr")
	if err != nil {
		t.Skip("SKIPPED, NOT TESTED: ogr2ogr is not installed, nothing to compare shapefiles with")
	}
	if out, err := exec.CommandContext(t.Context(), program, args...).CombinedOutput(); err != nil {
		t.Fatalf("%v: %s", err, out)
	}
}

// Sets that GDAL writes, read here and by GDAL: the same features come out.
func TestShapefilesOfGDAL(t *testing.T) {
	tests := []struct {
		what, kind string
		options    []string
		charset    string
		shapes     []string // coordinates of GeoJSON
	}{
		{"points", "Point", nil, "UTF-8", []string{"[112.5,33]", "[112.6,33.1]", "[112.7,33.2]"}},
		{"points in GBK", "Point", []string{"-lco", "ENCODING=GBK"}, "GB18030",
			[]string{"[112.5,33]", "[112.6,33.1]", "[112.7,33.2]"}},
		{"points with heights", "Point", []string{"-dim", "XYZ"}, "UTF-8",
			[]string{"[112.5,33,120]", "[112.6,33.1,121]"}},
		{"points with measures", "Point", []string{"-dim", "XYM"}, "UTF-8", []string{"[112.5,33]", "[112.6,33.1]"}},
		{"several points in one", "MultiPoint", nil, "UTF-8", []string{"[[112.5,33],[112.6,33.1]]", "[[1,2]]"}},
		{"lines", "LineString", nil, "UTF-8", []string{"[[0,0],[1,1]]", "[[0,0],[5,5],[7,5]]"}},
		{"lines of several parts, with heights", "MultiLineString", []string{"-dim", "XYZ"}, "UTF-8",
			[]string{"[[[0,0,1],[1,1,2]],[[5,5,1],[6,6,1],[7,5,1]]]", "[[[0,0,0],[1,1,0]]]"}},
		{"polygons with holes, in GBK", "Polygon", []string{"-lco", "ENCODING=GBK"}, "GB18030", []string{
			"[[[0,0],[9,0],[9,9],[0,9],[0,0]],[[1,1],[1,2],[2,2],[2,1],[1,1]],[[4,4],[4,5],[5,5],[5,4],[4,4]]]",
			"[[[0,0],[1,0],[1,1],[0,0]]]"}},
		{"polygons of several parts", "MultiPolygon", nil, "UTF-8", []string{
			"[[[[0,0],[9,0],[9,9],[0,9],[0,0]],[[1,1],[1,8],[8,8],[8,1],[1,1]]],[[[3,3],[6,3],[6,6],[3,6],[3,3]],[[4,4],[4,5],[5,5],[5,4],[4,4]]],[[[20,0],[29,0],[29,9],[20,0]]]]"}},
		{"polygons with heights", "Polygon", []string{"-dim", "XYZ"}, "UTF-8",
			[]string{"[[[0,0,1],[9,0,1],[9,9,1],[0,0,1]],[[5,1,1],[5,2,1],[6,2,1],[5,1,1]]]"}},
	}
	for _, test := range tests {
		t.Run(test.what, func(t *testing.T) {
			var features []string
			for i, shape := range test.shapes {
				features = append(features,
					fmt.Sprintf(
						`{"type":"Feature","properties":{"编号":%d,"名称":"南阳市第%d座","所属道路名称":null,"长度":%g,"日期":"2021/06/30"},"geometry":{"type":%q,"coordinates":%s}}`,
						i+1, i+1, 1.25*float64(i)-0.5, test.kind, shape))
			}
			features = append(features, `{"type":"Feature","properties":{"编号":99,"名称":"无图形"},"geometry":null}`)
			source := filepath.Join(t.TempDir(), "source.geojson")
			if err := os.WriteFile(source,
				[]byte(`{"type":"FeatureCollection","features":[`+strings.Join(features, ",")+`]}`),
				0o600); err != nil {
				t.Fatal(err)
			}
			f := likeGDAL(t, source, test.options...)
			if f.Charset != test.charset || f.Said.Where != ".prj" || f.Count != int64(len(features)) {
				t.Errorf("%s by %v, %v, %d records", f.Charset, f.ByWhat, f.Said, f.Count)
			}
		})
	}
}

// likeGDAL has GDAL make a shapefile and GeoJSON of that, and compares.
func likeGDAL(t *testing.T, source string, options ...string) *record.File {
	t.Helper()
	dir := t.TempDir()
	shp, back := filepath.Join(dir, "made.shp"), filepath.Join(dir, "back.geojson")
	if !slices.Contains(options, "-lco") {
		options = append([]string{"-lco", "ENCODING=UTF-8"}, options...)
	}
	ogr(t, append([]string{"-f", "ESRI Shapefile", shp, source}, options...)...)
	ogr(t, "-f", "GeoJSON", back, shp, "-lco", "COORDINATE_PRECISION=15")
	f := openSet(t, shp, record.Options{})
	text, err := os.ReadFile(back)
	if err != nil {
		t.Fatal(err)
	}
	want, got := featuresOfJSON(t, text, f), featuresOfSet(t, f)
	if len(got) != len(want) {
		t.Fatalf("%d records, GDAL reads %d", len(got), len(want))
	}
	for i := range got {
		if got[i] != want[i] {
			t.Errorf("record %d:\n got %.2000s\nGDAL %.2000s", i+1, got[i], want[i])
		}
	}
	return f
}

// featuresOfJSON writes features in one form: the shape with its parts and holes in
// order, and the values that are there. GDAL's field names must be those of the file.
func featuresOfJSON(t *testing.T, text []byte, f *record.File) (lines []string) {
	t.Helper()
	var all struct {
		Features []struct {
			Properties map[string]any
			Geometry   *struct {
				Type        string
				Coordinates any
			}
		}
	}
	decoder := json.NewDecoder(bytes.NewReader(text))
	decoder.UseNumber()
	if err := decoder.Decode(&all); err != nil {
		t.Fatal(err)
	}
	for _, feature := range all.Features {
		for name, value := range feature.Properties { // GDAL leaves broken characters in
			feature.Properties[strings.TrimRight(name, "�")] = value
		}
		line := "none"
		if g := feature.Geometry; g != nil {
			line = strings.TrimPrefix(g.Type, "Multi") + writtenJSON(g.Type, g.Coordinates)
		}
		for _, field := range f.Fields {
			value, named := feature.Properties[field.Name]
			if !named {
				t.Fatalf("GDAL has no field %s: %v", field.Name, feature.Properties)
			}
			line += " " + field.Name + "=" + plainValue(fmt.Sprint(value))
		}
		lines = append(lines, line)
	}
	return lines
}

func writtenJSON(kind string, coordinates any) string {
	vertex := func(v any) string {
		xy := v.([]any)
		x, _ := xy[0].(json.Number).Float64()
		y, _ := xy[1].(json.Number).Float64()
		return writtenVertex(x, y)
	}
	line := func(v any) string {
		var text strings.Builder
		for _, one := range v.([]any) {
			text.WriteString(vertex(one))
		}
		return text.String()
	}
	each := func(v any, write func(any) string) (all []string) {
		for _, one := range v.([]any) {
			all = append(all, write(one))
		}
		return all
	}
	polygon := func(v any) string { return inOrder(each(v, line)) }
	switch kind {
	case "Point":
		return fmt.Sprint([]string{vertex(coordinates)})
	case "MultiPoint":
		return fmt.Sprint(each(coordinates, vertex))
	case "LineString":
		return fmt.Sprint([]string{line(coordinates)})
	case "MultiLineString":
		return fmt.Sprint(each(coordinates, line))
	case "Polygon":
		return fmt.Sprint([]string{polygon(coordinates)})
	}
	parts := each(coordinates, polygon)
	slices.Sort(parts)
	return fmt.Sprint(parts)
}

func writtenVertex(x, y float64) string {
	return fmt.Sprintf("(%.9g %.9g)", math.Round(x*1e9)/1e9, math.Round(y*1e9)/1e9)
}

// inOrder writes the outer ring, then the holes sorted.
func inOrder(rings []string) string {
	slices.Sort(rings[1:])
	return fmt.Sprint(rings)
}

func plainValue(text string) string {
	if n, err := strconv.ParseFloat(text, 64); err == nil {
		return strconv.FormatFloat(n, 'f', -1, 64)
	}
	return strings.NewReplacer("<nil>", "-", "/", "", "2021-06-30", "20210630").Replace(text)
}

func featuresOfSet(t *testing.T, f *record.File) (lines []string) {
	t.Helper()
	cut, err := f.Cutter(t.Context(), &record.Pace{})
	if err != nil {
		t.Fatal(err)
	}
	defer cut.Close()
	decoder, rec, b := f.Decoder(), record.Record{}, record.Batch{}
	for cut.Next(&b) == nil {
		for _, s := range b.Spans {
			decoder.Decode(b.Data[s.Start:s.End], &rec)
			line := "none"
			if rec.Fault == nil {
				line = writtenSet(&rec.Shape)
			} else if rec.Fault.Reason != record.NoGeometry {
				t.Errorf("record %d: %v", s.Position, rec.Fault)
			}
			for _, v := range rec.Values {
				text := "<nil>"
				if v.Kind != record.Null {
					text = string(v.Text)
				}
				line += " " + string(v.Name) + "=" + plainValue(text)
			}
			lines = append(lines, line)
		}
	}
	return lines
}

func writtenSet(s *record.Shape) string {
	name := map[string]string{"point": "Point", "line": "LineString", "polygon": "Polygon"}[string(s.Kind)]
	run := func(from, to int) string {
		var text strings.Builder
		for i := from; i < to; i++ {
			text.WriteString(writtenVertex(s.Coordinates[2*i], s.Coordinates[2*i+1]))
		}
		return text.String()
	}
	var lines, polygons []string
	start := 0
	for _, end := range s.Ends {
		lines = append(lines, run(start, end))
		start = end
	}
	switch name {
	case "Point":
		for i := range s.Vertices() {
			lines = append(lines, run(i, i+1))
		}
		return name + fmt.Sprint(lines)
	case "LineString":
		return name + fmt.Sprint(lines)
	}
	ring := 0
	for _, part := range s.Parts {
		polygons = append(polygons, inOrder(lines[ring:part]))
		ring = part
	}
	slices.Sort(polygons)
	return name + fmt.Sprint(polygons)
}
