package importer

import (
	"bytes"
	"context"
	"fmt"
	"strings"
	"testing"

	"github.com/paulmach/orb"
	"github.com/paulmach/orb/encoding/ewkb"
	orbjson "github.com/paulmach/orb/geojson"
	"pgregory.net/rapid"

	"yizhan/geo"
	"yizhan/importer/format"
	"yizhan/importer/record"
	"yizhan/internal/lang"
)

func shaped(geometry string) string {
	return `{"type":"Feature","properties":{"code":"A","name":"站"},"geometry":` + geometry + `}`
}

func TestGeometryIsTakenOrRejected(t *testing.T) {
	t.Parallel()
	for _, c := range geometryCases() {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			check(t, layer(c.kind, c.multi), shaped(c.geometry), c.want)
		})
	}
}

type geometryCase struct {
	name     string
	kind     geo.Kind
	multi    bool
	geometry string
	want     string
}

func geometryCases() []geometryCase {
	with := func(wkt string) string { return wkt + " code=A name=站" }
	no := func(reason record.Reason) string { return "1::" + string(reason) }
	square := `[[0,0],[1,0],[1,1],[0,0]]`
	return []geometryCase{
		{"a point", geo.Point, false, `{"type":"Point","coordinates":[112.5,33]}`, with("POINT(112.5 33)")},
		{"coordinates before the type", geo.Point, false, `{"coordinates":[112.5,33],"type":"Point"}`,
			with("POINT(112.5 33)")},
		{"a further member", geo.Point, false, `{"bbox":[1,2,3,4],"type":"Point","coordinates":[112.5,33]}`,
			with("POINT(112.5 33)")},
		{"numbers with an exponent", geo.Point, false, `{"type":"Point","coordinates":[1.125e2,3300E-2]}`,
			with("POINT(112.5 33)")},
		{"the corner of the world", geo.Point, false, `{"type":"Point","coordinates":[-180,90]}`,
			with("POINT(-180 90)")},
		{"the other corner", geo.Point, false, `{"type":"Point","coordinates":[180,-90]}`, with("POINT(180 -90)")},
		{"past 180 degrees", geo.Point, false, `{"type":"Point","coordinates":[180.0000001,0]}`, no(record.OutOfRange)},
		{"past the pole", geo.Point, false, `{"type":"Point","coordinates":[0,-90.0000001]}`, no(record.SwappedAxes)},
		{"latitude first", geo.Point, false, `{"type":"Point","coordinates":[33,112.5]}`, no(record.SwappedAxes)},
		{"metres of a projected system", geo.Point, false, `{"type":"Point","coordinates":[38453000.5,3653000]}`,
			no(record.OutOfRange)},
		{"1e999", geo.Point, false, `{"type":"Point","coordinates":[1e999,0]}`, no(record.BadCoordinates)},
		{"coordinates as text", geo.Point, false, `{"type":"Point","coordinates":["112.5","33"]}`,
			no(record.BadCoordinates)},
		{"a coordinate that is null", geo.Point, false, `{"type":"Point","coordinates":[null,33]}`,
			no(record.BadCoordinates)},
		{"one coordinate", geo.Point, false, `{"type":"Point","coordinates":[112.5]}`, no(record.BadCoordinates)},
		{"an object as coordinates", geo.Point, false, `{"type":"Point","coordinates":{"x":1,"y":2}}`,
			no(record.BadCoordinates)},
		{"the coordinates of a line in a point", geo.Point, false, `{"type":"Point","coordinates":[[112.5,33]]}`,
			no(record.BadCoordinates)},
		{"the coordinates of a point in a line", geo.Line, false, `{"type":"LineString","coordinates":[112.5,33]}`,
			no(record.BadCoordinates)},
		{"a geometry that is null", geo.Point, false, `null`, no(record.NoGeometry)},
		{"a geometry that is text", geo.Point, false, `"POINT(1 2)"`, no(record.BadCoordinates)},
		{"an empty point", geo.Point, false, `{"type":"Point","coordinates":[]}`, no(record.EmptyGeometry)},
		{"coordinates that are null", geo.Point, false, `{"type":"Point","coordinates":null}`,
			no(record.EmptyGeometry)},
		{"no coordinates", geo.Point, false, `{"type":"Point"}`, no(record.EmptyGeometry)},
		{"an empty line", geo.Line, false, `{"type":"LineString","coordinates":[]}`, no(record.EmptyGeometry)},
		{"an empty multiple polygon", geo.Polygon, true, `{"type":"MultiPolygon","coordinates":[]}`,
			no(record.EmptyGeometry)},
		{"a polygon without rings", geo.Polygon, false, `{"type":"Polygon","coordinates":[]}`,
			no(record.EmptyGeometry)},
		{"a line in a layer of points", geo.Point, false, `{"type":"LineString","coordinates":[[1,2],[3,4]]}`,
			no(record.WrongKind)},
		{"a mixed collection", geo.Point, true, `{"type":"GeometryCollection","geometries":[]}`, no(record.WrongKind)},
		{"a circle", geo.Point, false, `{"type":"Circle","coordinates":[1,2]}`, no(record.WrongKind)},
		{"a line of one position", geo.Line, false, `{"type":"LineString","coordinates":[[1,2]]}`,
			no(record.BadCoordinates)},
		{"a ring that is not closed", geo.Polygon, false,
			`{"type":"Polygon","coordinates":[[[0,0],[1,0],[1,1],[0,1]]]}`, no(record.BadRing)},
		{"a ring of three positions", geo.Polygon, false, `{"type":"Polygon","coordinates":[[[0,0],[1,0],[0,0]]]}`,
			no(record.BadRing)},
		{"an open hole", geo.Polygon, false, `{"type":"Polygon","coordinates":[` + square +
			`,[[0,0],[1,0],[1,1],[0,1]]]}`, no(record.BadRing)},
		{"a ring closed at another height", geo.Polygon, false,
			`{"type":"Polygon","coordinates":[[[0,0,1],[1,0,2],[1,1,3],[0,0,4]]]}`, with("POLYGON((0 0,1 0,1 1,0 0))")},
		{"a point with a height", geo.Point, false, `{"type":"Point","coordinates":[112.5,33,130.5]}`,
			with("POINT(112.5 33)")},
		{"a point with four numbers", geo.Point, false, `{"type":"Point","coordinates":[112.5,33,130.5,7]}`,
			with("POINT(112.5 33)")},
		{"a point becomes multiple", geo.Point, true, `{"type":"Point","coordinates":[1,2]}`,
			with("MULTIPOINT((1 2))")},
		{"a line becomes multiple", geo.Line, true, `{"type":"LineString","coordinates":[[1,2],[3,4]]}`,
			with("MULTILINESTRING((1 2,3 4))")},
		{"a polygon becomes multiple", geo.Polygon, true, `{"type":"Polygon","coordinates":[` + square + `]}`,
			with("MULTIPOLYGON(((0 0,1 0,1 1,0 0)))")},
		{"a multiple of one part in a layer of single ones", geo.Line, false,
			`{"type":"MultiLineString","coordinates":[[[1,2],[3,4]]]}`, with("LINESTRING(1 2,3 4)")},
		{"a multiple of two parts in a layer of single ones", geo.Line, false,
			`{"type":"MultiLineString","coordinates":[[[1,2],[3,4]],[[1,2],[3,4]]]}`, no(record.SeveralParts)},
		{"a multiple of no part in a layer of single ones", geo.Line, false,
			`{"type":"MultiLineString","coordinates":[]}`, no(record.EmptyGeometry)},
	}
}

func TestValuesAreTakenOrRejected(t *testing.T) {
	t.Parallel()
	ok := func(more string) string { return strings.TrimSpace(taken("A") + " " + more) }
	no := func(field string, reason record.Reason) string { return fmt.Sprintf("1:%s:%s", field, reason) }
	for _, c := range []struct{ name, more, want string }{
		{"nothing more", ``, ok("")},
		{"null", `,"seats":null`, ok("")},
		{"no text", `,"seats":"  ","opened":""`, ok("")},
		{"an upper-case name", `,"SEATS":3`, ok("seats=3")},
		{"a whole number", `,"seats":12`, ok("seats=12")},
		{"a whole number with a decimal point", `,"seats":12.0`, ok("seats=12")},
		{"a whole number as text", `,"seats":" 12 "`, ok("seats=12")},
		{"the largest smallint", `,"seats":32767`, ok("seats=32767")},
		{"more than a smallint", `,"seats":32768`, no("seats", record.WrongType)},
		{"less than a smallint", `,"seats":-32769`, no("seats", record.WrongType)},
		{"the largest bigint", `,"number":9223372036854775807`, ok("number=9223372036854775807")},
		{"more than a bigint", `,"number":9223372036854775808`, no("number", record.WrongType)},
		{"a fraction for a whole number", `,"seats":1.5`, no("seats", record.WrongType)},
		{"words for a whole number", `,"seats":"twelve"`, no("seats", record.WrongType)},
		{"true for a whole number", `,"seats":true`, no("seats", record.WrongType)},
		{"an object for a whole number", `,"seats":{"n":1}`, no("seats", record.WrongType)},
		{"a number", `,"area":-1.25e1`, ok("area=-12.5")},
		{"a number as text", `,"area":"12.5"`, ok("area=12.5")},
		{"a number with a unit", `,"area":"12.5 m²"`, no("area", record.WrongType)},
		{"a number past all bounds", `,"area":1e999`, no("area", record.WrongType)},
		{"NaN as text", `,"area":"NaN"`, no("area", record.WrongType)},
		{"true", `,"lit":true`, ok("lit=true")},
		{"true as text and as a number", `,"lit":"TRUE"`, ok("lit=true")},
		{"nought for false", `,"lit":0`, ok("lit=false")},
		{"two for a truth value", `,"lit":2`, no("lit", record.WrongType)},
		{"a day", `,"opened":"2021-06-30"`, ok("opened=2021-06-30")},
		{"a day with strokes", `,"opened":"2021/6/30"`, ok("opened=2021-06-30")},
		{"a day without strokes", `,"opened":20210630`, ok("opened=2021-06-30")},
		{"a moment for a day", `,"opened":"2021-06-30T23:59:59Z"`, ok("opened=2021-06-30")},
		{"the thirtieth of February", `,"opened":"2021-02-30"`, no("opened", record.ImpossibleDate)},
		{"a moment", `,"seen":"2021-06-30T08:00:00.5+08:00"`, ok("seen=2021-06-30T08:00:00.5+08:00")},
		{"a moment of China", `,"seen":"2021-06-30 08:00:00"`, ok("seen=2021-06-30T08:00:00+08:00")},
		{"a number for a moment", `,"seen":1625011200`, no("seen", record.WrongType)},
		{"a value of the list", `,"status":"open"`, ok("status=open")},
		{"a value that the list lacks", `,"status":"ajar"`, no("status", record.NotListed)},
		{"a value in other case", `,"status":"Open"`, ok("status=open")},
		{"the label of a value", `,"status":"关闭"`, ok("status=closed")},
		{"another label of it", `,"status":"停业"`, ok("status=closed")},
		{"a whole number with separators", `,"number":"1,234,567"`, ok("number=1234567")},
		{"a decimal comma", `,"area":"12,5"`, no("area", record.WrongType)},
		{"full-width digits", `,"area":"１２．５"`, ok("area=12.5")},
		{"a full-width day", `,"opened":"２０２１－０６－３０"`, ok("opened=2021-06-30")},
		{"the twenty-fifth hour", `,"seen":"2021-06-30T25:00:00Z"`, no("seen", record.ImpossibleDate)},
		{"four characters of three bytes", `,"short":"卧龙城区"`, ok("short=卧龙城区")},
		{"five characters", `,"short":"卧龙城区站"`, no("short", record.WrongType)},
		{"a number for a text", `,"short":1.50`, ok("short=1.50")},
		{"an array for a text", `,"short":[1]`, ok("short=[1]")},
		{"escapes", `,"short":"\u5367\t\"\/"`, ok("short=卧\t\"/")},
		{"half a surrogate pair", `,"short":"\ud800"`, ok("short=\ufffd")},
		{"NUL", `,"short":"\u0000"`, no("short", record.BadText)},
		{"the same field twice", `,"seats":1,"seats":1`, no("seats", record.RepeatedField)},
		{"the same field in two spellings", `,"seats":1,"Seats":2`, ok("seats=1")},
		{"the same field in two other spellings", `,"SEATS":1,"Seats":2`, ok("seats=1")},
		{"a field under its title", `,"座位":5`, ok("seats=5")},
		{"a field under an alias", `,"ZWS":5`, ok("seats=5")},
		{"a field under its name and an alias", `,"ZWS":5,"seats":6`, ok("seats=6")},
		{"the key twice", `,"code":"B"`, no("code", record.RepeatedField)},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			check(t, layer(geo.Point, false), feature("A", c.more), c.want)
		})
	}
}

func TestWhatAFeatureMustHave(t *testing.T) {
	t.Parallel()
	point := `"geometry":{"type":"Point","coordinates":[112.5,33]}`
	for _, c := range []struct{ name, file, want string }{
		{"the key", `{"type":"Feature","properties":{"name":"站"},` + point + `}`, "1:code:missing_value"},
		{"a key that is not null", `{"type":"Feature","properties":{"code":null,"name":"站"},` + point + `}`,
			"1:code:missing_value"},
		{"a key that is not blank", `{"type":"Feature","properties":{"code":" ","name":"站"},` + point + `}`,
			"1:code:missing_value"},
		{"the required field", `{"type":"Feature","properties":{"code":"A"},` + point + `}`, "1:name:missing_value"},
		{"properties", `{"type":"Feature","properties":null,` + point + `}`, "1:code:missing_value"},
		{"properties that are an object", `{"type":"Feature","properties":[1],` + point + `}`, "1:code:missing_value"},
		{"a type", `{"properties":{"code":"A","name":"站"},` + point + `}`, "1::not_a_feature"},
		{"a geometry", `{"type":"Feature","properties":{"code":"A","name":"站"}}`, "1::no_geometry"},
		{"its members in any order", `{` + point + `,"id":7,"properties":{"name":"站","code":"A"},"type":"Feature"}`,
			taken("A")},
		{"valid UTF-8", strings.Repeat(" ", 70_000) + feature("A", ",\"short\":\"\xe9\""), "1:short:bad_text"},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			check(t, layer(geo.Point, false), c.file, c.want)
		})
	}
}

func TestARejectionNamesTheFeatureAndTheValue(t *testing.T) {
	t.Parallel()
	first := `{"type":"Feature","geometry":{"type":"Point","coordinates":[200,33]},"properties":{"name":"站","code":"A"}}`
	bad := `{"type":"Feature","properties":{"seats":"many","name":"站","code":"B"},"geometry":{"type":"Point","coordinates":[1,2]}}`
	report := check(t, layer(geo.Point, false), collection(first, bad),
		"1::coordinates_out_of_range; 2:seats:wrong_type")
	if one := report.Listed[0]; one.Key != "A" || one.Value != "200, 33" {
		t.Errorf("the point is told as %+v", one)
	}
	if one := report.Listed[1]; one.Key != "B" || one.Value != "many" || one.Detail.EN != "not a whole number" {
		t.Errorf("the number is told as %+v", one)
	}
	secret := layer(geo.Point, false)
	secret.Layer.Privacy = geo.Personal
	report = check(t, secret, collection(first, bad), "1::coordinates_out_of_range; 2:seats:wrong_type")
	for _, word := range []string{"many", " B", "A;"} {
		if text := report.Text(lang.English); strings.Contains(text, word) {
			t.Errorf("the report of a personal layer tells %q:\n%s", word, text)
		}
	}
}

func TestFieldsThatTheLayerLacksAreCounted(t *testing.T) {
	t.Parallel()
	report := check(t, layer(geo.Point, false), collection(feature("A", `,"note":1,"wifi":{"a":[1]}`),
		feature("B", `,"note":null`), feature("C", `,"seats":3`)),
		taken("A", "B")+"; "+taken("C")+" seats=3")
	if len(report.Unknown) != 2 || report.Unknown["note"] != 2 || report.Unknown["wifi"] != 1 {
		t.Errorf("unknown: %v", report.Unknown)
	}
	var present []string
	for i, c := range layer(geo.Point, false).Columns {
		if report.Present[i] {
			present = append(present, c.Name)
		}
	}
	if got := strings.Join(present, " "); got != "code name seats" {
		t.Errorf("the file has %s", got)
	}
}

func TestHeightsLeftOutAreCounted(t *testing.T) {
	t.Parallel()
	report, _, err := read(t, layer(geo.Point, false), collection(shaped(`{"type":"Point","coordinates":[1,2,3]}`),
		feature("B", ""), shaped(`{"type":"Point","coordinates":[1,2,3]}`)), Options{})
	if err != nil || report.Flattened != 2 {
		t.Errorf("%d of 2, %v", report.Flattened, err)
	}
}

func TestColumnsThatDifferInCaseOnly(t *testing.T) {
	t.Parallel()
	target := layer(geo.Point, false)
	target.Columns = append(target.Columns, Column{Field: geo.Field{Name: "Seats", Type: geo.Integer}})
	check(t, target, feature("A", `,"seats":1,"Seats":2`), taken("A")+" seats=1 Seats=2")
}

func TestLimitsOfOneFeature(t *testing.T) {
	t.Parallel()
	line := shaped(`{"type":"LineString","coordinates":[[1,1],[2,2],[3,3]]}`)
	for _, c := range []struct {
		name   string
		file   string
		limits format.Limits
		want   string
	}{
		{"as many vertices as allowed", line, format.Limits{Vertices: 3}, "LINESTRING(1 1,2 2,3 3) code=A name=站"},
		{"one vertex more", line, format.Limits{Vertices: 2}, "1::too_large"},
		{"a text too long", line, format.Limits{FieldBytes: 2}, "1:name:too_large"},
	} {
		t.Run(c.name, func(t *testing.T) {
			report, rows, err := readFile(layer(geo.Line, false), opened(t, "line.geojson", c.file, c.limits),
				Options{})
			if err != nil {
				t.Fatal(err)
			}
			if got := outcome(report, rows); got != c.want {
				t.Errorf("got %s, want %s", got, c.want)
			}
		})
	}
}

func TestEWKBIsThatOfAnotherLibrary(t *testing.T) {
	t.Parallel()
	f := opened(t, "any.geojson", collection(), format.Limits{})
	rapid.Check(t, func(t *rapid.T) {
		kind := rapid.SampledFrom([]geo.Kind{geo.Point, geo.Line, geo.Polygon}).Draw(t, "kind")
		shape := anyShape(t, kind)
		text, err := orbjson.NewGeometry(shape).MarshalJSON()
		if err != nil {
			t.Fatal(err)
		}
		want, err := ewkb.Marshal(shape, 4326)
		if err != nil {
			t.Fatal(err)
		}
		multi := strings.HasPrefix(shape.GeoJSONType(), "Multi")
		row, no := parse(f, layer(kind, multi), []byte(shaped(string(text))))
		if no != nil {
			t.Fatalf("%s: %+v", text, no)
		}
		if !bytes.Equal(row.Geometry, want) {
			t.Fatalf("%s\ngot  %x\nwant %x", text, row.Geometry, want)
		}
	})
}

// parse checks one feature of GeoJSON.
func parse(f *format.File, target *Target, feature []byte) (*Row, *Rejection) {
	var record format.Record
	f.Decoder().Decode(feature, &record)
	return newChecker(target, WGS84(), newNames(target, nil), f.Limits).check(&record, format.Span{Position: 1})
}

// anyShape draws a single or multiple geometry of a kind.
func anyShape(t *rapid.T, kind geo.Kind) orb.Geometry {
	point := rapid.Custom(func(t *rapid.T) orb.Point {
		return orb.Point{rapid.Float64Range(-180, 180).Draw(t, "lon"), rapid.Float64Range(-90, 90).Draw(t, "lat")}
	})
	line := rapid.Map(rapid.SliceOfN(point, 2, 6), func(p []orb.Point) orb.LineString { return p })
	polygon := rapid.Map(rapid.SliceOfN(rapid.Map(rapid.SliceOfN(point, 3, 6),
		func(p []orb.Point) orb.Ring { return append(p, p[0]) }), 1, 3),
		func(r []orb.Ring) orb.Polygon { return r })
	multi := rapid.Bool().Draw(t, "multiple")
	switch {
	case kind == geo.Point && multi:
		return orb.MultiPoint(rapid.SliceOfN(point, 1, 5).Draw(t, "points"))
	case kind == geo.Point:
		return point.Draw(t, "point")
	case kind == geo.Line && multi:
		return orb.MultiLineString(rapid.SliceOfN(line, 1, 4).Draw(t, "lines"))
	case kind == geo.Line:
		return line.Draw(t, "line")
	case multi:
		return orb.MultiPolygon(rapid.SliceOfN(polygon, 1, 3).Draw(t, "polygons"))
	}
	return polygon.Draw(t, "polygon")
}

// FuzzParse: whatever stands in a feature, it is a row with sound EWKB or a rejection with a reason.
func FuzzParse(f *testing.F) {
	for _, seed := range []string{feature("A", ""), feature("A",
		`,"seats":1e5,"seen":"2021-06-30","lit":1,"opened":"x"`), `{"type":"Feature"`, `{}`, `[`, "\x00",
		shaped(`{"type":"MultiPolygon","coordinates":[[[[0,0],[1,0],[1,1],[0,0]]]]}`), shaped(
			`{"type":"LineString","coordinates":[[0,0,1],[1,0]]}`), shaped("null")} {
		f.Add([]byte(seed), uint8(0))
	}
	file := opened(f, "any.geojson", collection(), format.Limits{})
	f.Fuzz(func(t *testing.T, data []byte, which uint8) {
		kind := []geo.Kind{geo.Point, geo.Line, geo.Polygon}[which%3]
		row, no := parse(file, layer(kind, which&4 != 0), data)
		if no != nil {
			if no.Reason == "" || AdviceOn(no.Reason).What.EN == string(no.Reason) {
				t.Fatalf("rejected without a reason that is explained: %+v", no)
			}
			return
		}
		if _, id, err := ewkb.Unmarshal(row.Geometry); err != nil || id != 4326 {
			t.Fatalf("EWKB: %v, SRID %d", err, id)
		}
	})
}

// ignored is a sink of which only the encoding counts.
type ignored struct{}

func (ignored) Encode(dst []byte, row *Row) []byte { return append(dst, row.Geometry...) }
func (ignored) Write([]byte) error                 { return nil }

func BenchmarkImport(b *testing.B) {
	point := func(i int) string {
		return fmt.Sprintf(
			`{"type":"Feature","properties":{"code":"G%06d","name":"雨水口","seats":%d,"opened":"2015-04-24T00:00:00.000Z","area":1.5,"none":"x"},"geometry":{"type":"Point","coordinates":[112.%06d,33.%06d]}}`, i, i%900, i, i*7%1000000)
	}
	var ring strings.Builder
	for i := range 500 {
		fmt.Fprintf(&ring, "[112.%06d,33.%06d],", 500000+i*13, 400000+i*7)
	}
	polygon := func(i int) string {
		return fmt.Sprintf(
			`{"type":"Feature","properties":{"code":"P%06d","name":"绿地"},"geometry":{"type":"Polygon","coordinates":[[%s[112.500000,33.400000]]]}}`, i, ring.String())
	}
	for _, c := range []struct {
		name     string
		kind     geo.Kind
		features int
		one      func(int) string
	}{{"points", geo.Point, 50_000, point}, {"polygons", geo.Polygon, 1_000, polygon}} {
		b.Run(c.name, func(b *testing.B) {
			features := make([]string, c.features)
			for i := range features {
				features[i] = c.one(i)
			}
			file := collection(features...)
			f := opened(b, "survey.geojson", file, format.Limits{})
			b.SetBytes(int64(len(file)))
			b.ReportAllocs()
			for b.Loop() {
				report, err := Run(context.Background(), f, layer(c.kind, false), WGS84(), ignored{}, Options{})
				if err != nil || report.Rejected > 0 {
					b.Fatal(err, report.Text(lang.English))
				}
			}
		})
	}
}
