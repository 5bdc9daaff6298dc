package index

import (
	"encoding/binary"
	"encoding/hex"
	"errors"
	"testing"

	"yizhan/geo"

	"github.com/paulmach/orb"
	"github.com/paulmach/orb/encoding/ewkb"
	"github.com/paulmach/orb/encoding/wkb"
	"github.com/paulmach/orb/encoding/wkt"
)

// shapeOf reads WKB into a collection of one feature and gives it back as text.
func shapeOf(t *testing.T, kind geo.Kind, b []byte) (string, error) {
	t.Helper()
	build := NewBuilder(layerOf(kind), 1)
	if err := build.Add(1, b, []Ref{0, 0}); err != nil {
		return "", err
	}
	text := "none"
	build.Build().Each(func(_ int64, g orb.Geometry, _ []any) bool {
		if g != nil {
			text = wkt.MarshalString(orb.Round(g, 100000))
		}
		return true
	})
	return text, nil
}

func TestGeometriesAreTakenAsTheyAre(t *testing.T) {
	for _, c := range []struct {
		name      string
		kind      geo.Kind
		in, taken string
	}{
		{"a point", geo.Point, "POINT(112.5 33)", "POINT(112.5 33)"},
		{"several points", geo.Point, "MULTIPOINT((1 2),(3 4))", "MULTIPOINT((1 2),(3 4))"},
		{"one of several is one", geo.Point, "MULTIPOINT((1 2))", "POINT(1 2)"},
		{"a line", geo.Line, "LINESTRING(1 2,3 4)", "LINESTRING(1 2,3 4)"},
		{"a line that stands still in between", geo.Line, "LINESTRING(1 2,1 2,3 4)", "LINESTRING(1 2,3 4)"},
		{"lines, one without length", geo.Line, "MULTILINESTRING((1 2,3 4),(5 5,5 5))", "LINESTRING(1 2,3 4)"},
		{"a polygon clockwise", geo.Polygon, "POLYGON((0 0,0 1,1 1,1 0,0 0))", "POLYGON((0 0,0 1,1 1,1 0,0 0))"},
		{"a polygon the other way round is turned", geo.Polygon, "POLYGON((0 0,1 0,1 1,0 1,0 0))",
			"POLYGON((0 1,1 1,1 0,0 0,0 1))"},
		{"an open ring is closed", geo.Polygon, "POLYGON((0 0,0 1,1 1))", "POLYGON((0 0,0 1,1 1,0 0))"},
		{"a hole that runs like its ring is turned", geo.Polygon, "POLYGON((0 0,0 9,9 9,9 0,0 0),(1 1,1 2,2 2,1 1))",
			"POLYGON((0 0,0 9,9 9,9 0,0 0),(2 2,1 2,1 1,2 2))"},
		{"a ring without area goes with its holes", geo.Polygon,
			"MULTIPOLYGON(((0 0,1 1,0 0),(0 0,0 1,1 1,0 0)),((0 0,0 1,1 1,0 0)))", "POLYGON((0 0,0 1,1 1,0 0))"},
		{"nothing", geo.Line, "LINESTRING EMPTY", "none"},
		{"nothing several times", geo.Polygon, "MULTIPOLYGON EMPTY", "none"},
	} {
		g, err := wkt.Unmarshal(c.in)
		if err != nil {
			t.Fatal(err)
		}
		for _, order := range []binary.ByteOrder{binary.LittleEndian, binary.BigEndian} {
			plain, err := wkb.Marshal(g, order)
			if err != nil {
				t.Fatal(err)
			}
			extended, err := ewkb.Marshal(g, 4326, order)
			if err != nil {
				t.Fatal(err)
			}
			for _, b := range [][]byte{plain, extended} {
				if got, err := shapeOf(t, c.kind, b); err != nil || got != c.taken {
					t.Errorf("%s: %s, %v; want %s", c.name, got, err, c.taken)
				}
			}
		}
	}
}

func TestGeometriesThatCannotBeDrawnAreRefused(t *testing.T) {
	for _, c := range []struct {
		name string
		kind geo.Kind
		hex  string
	}{
		{"nothing at all", geo.Point, ""},
		{"a line in a layer of points", geo.Point, "01020000000000000000"},
		{"a collection", geo.Point, "010700000000000000"},
		{"a curve", geo.Line, "010800000000000000"},
		{"half a point", geo.Point, "0101000000000000000000f03f"},
		{"a point and more", geo.Point, "0101000000000000000000f03f000000000000f03f00"},
		{"another SRID", geo.Point, "0101000020110f0000000000000000f03f000000000000f03f"},
		{"no byte order", geo.Point, "0201000000000000000000f03f000000000000f03f"},
		{"a billion vertices in nine bytes", geo.Line, "0102000000ffffff7f"},
		{"a billion lines", geo.Line, "0105000000ffffff7f"},
		{"half a number that is none", geo.Point, "0101000000000000000000f87f000000000000f03f"},
		{"infinity", geo.Point, "0101000000000000000000f07f000000000000f03f"},
		{"metres instead of degrees", geo.Point, "0101000000000000000076f640000000000076f640"},
		{"lines within lines", geo.Line, "0105000000010000000105000000010000000102000000"},
	} {
		b, err := hex.DecodeString(c.hex)
		if err != nil {
			t.Fatal(err)
		}
		if got, err := shapeOf(t, c.kind, b); !errors.Is(err, geo.ErrInvalid) {
			t.Errorf("%s: %s, %v", c.name, got, err)
		}
	}
}

func TestHeightsAndMeasuresAreReadOver(t *testing.T) {
	for name, h := range map[string]string{
		"EWKB Z":       "0101000080000000000000f03f00000000000000400000000000000840",
		"EWKB M":       "0101000040000000000000f03f00000000000000400000000000000840",
		"ISO Z":        "01e9030000000000000000f03f00000000000000400000000000000840",
		"ISO ZM":       "01b90b0000000000000000f03f000000000000004000000000000008400000000000000840",
		"EWKB Z, SRID": "01010000a0e6100000000000000000f03f00000000000000400000000000000840",
	} {
		b, err := hex.DecodeString(h)
		if err != nil {
			t.Fatal(err)
		}
		if got, err := shapeOf(t, geo.Point, b); err != nil || got != "POINT(1 2)" {
			t.Errorf("%s: %s, %v", name, got, err)
		}
	}
	empty, err := hex.DecodeString("0101000000000000000000f87f000000000000f87f")
	if err != nil {
		t.Fatal(err)
	}
	if got, err := shapeOf(t, geo.Point, empty); err != nil || got != "none" {
		t.Errorf("an empty point: %s, %v", got, err)
	}
}

func FuzzGeometry(f *testing.F) {
	for _, text := range []string{
		"POINT(112.5 33)", "MULTIPOINT((1 2),(3 4))", "LINESTRING(1 2,3 4,5 6)", "MULTILINESTRING((1 2,3 4),(5 5,5 6))",
		"POLYGON((0 0,0 9,9 9,9 0,0 0),(1 1,1 2,2 2,1 1))", "MULTIPOLYGON(((0 0,0 1,1 1,0 0)))",
	} {
		g, err := wkt.Unmarshal(text)
		if err != nil {
			f.Fatal(err)
		}
		b, err := ewkb.Marshal(g, 4326)
		if err != nil {
			f.Fatal(err)
		}
		f.Add(b)
	}
	f.Fuzz(func(t *testing.T, b []byte) {
		for _, kind := range []geo.Kind{geo.Point, geo.Line, geo.Polygon} {
			got, err := shapeOf(t, kind, b)
			if err != nil && !errors.Is(err, geo.ErrInvalid) {
				t.Fatalf("%s: %v", kind, err)
			}
			if err != nil {
				continue
			}
			// whoever else can read it agrees on what it is
			theirs, _, err := ewkb.Unmarshal(b)
			if err != nil || theirs == nil {
				continue
			}
			if got != "none" && theirs.Dimensions() != map[geo.Kind]int{geo.Point: 0, geo.Line: 1,
				geo.Polygon: 2}[kind] {
				t.Fatalf("%s read %v as %s", kind, theirs, got)
			}
		}
	})
}
