package gpkg

import (
	"encoding/binary"
	"encoding/hex"
	"math"
	"testing"

	"yizhan/importer/record"
	"yizhan/importer/record/recordtest"
)

// binaryOf reads hexadecimal digits; spaces do not count.
func binaryOf(t testing.TB, digits string) []byte {
	t.Helper()
	var plain []byte
	for _, c := range []byte(digits) {
		if c != ' ' {
			plain = append(plain, c)
		}
	}
	b, err := hex.DecodeString(string(plain))
	if err != nil {
		t.Fatal(err)
	}
	return b
}

// wkbOf writes a geometry in one byte order: a type, then counts (int) and coordinates (float64).
func wkbOf(order binary.AppendByteOrder, code uint32, content ...any) []byte {
	b := []byte{0}
	if order.String() == "LittleEndian" {
		b[0] = 1
	}
	b = order.AppendUint32(b, code)
	for _, c := range content {
		switch v := c.(type) {
		case int:
			b = order.AppendUint32(b, uint32(v))
		case float64:
			b = order.AppendUint64(b, math.Float64bits(v))
		case []byte:
			b = append(b, v...)
		}
	}
	return b
}

func TestWKB(t *testing.T) {
	little, big := binary.LittleEndian, binary.BigEndian
	nan, inf := math.NaN(), math.Inf(1)
	ring := []any{1, 4, 0., 0., 4., 0., 4., 4., 0., 0.}
	tests := []struct {
		name string
		wkb  []byte
		want string
	}{
		{"PostGIS's point 1 2", binaryOf(t, "01 01000000 000000000000f03f 0000000000000040"), "point 1 2"},
		{"PostGIS's point of SRID 4326", binaryOf(t, "01 01000020 e6100000 000000000000f03f 0000000000000040"),
			"point 1 2"},
		{"big-endian", binaryOf(t, "00 00000001 3ff0000000000000 4000000000000000"), "point 1 2"},
		{"ISO point with height", wkbOf(little, 1001, 1., 2., 3.), "point 1 2; flat"},
		{"ISO point with measure", wkbOf(big, 2001, 1., 2., 3.), "point 1 2; flat"},
		{"ISO point with both", wkbOf(little, 3001, 1., 2., 3., 4.), "point 1 2; flat"},
		{"extended point with both", wkbOf(little, 0xc0000001, 1., 2., 3., 4.), "point 1 2; flat"},
		{"a height that is not a number", wkbOf(little, 1001, 1., 2., nan), "point 1 2; flat"},
		{"a line", wkbOf(big, 2, 2, 0., 0., 1., 1.), "line 0 0, 1 1; ends [2]"},
		{"a polygon", wkbOf(little, 3, ring...), "polygon 0 0, 4 0, 4 4, 0 0; ends [4]; parts [1]"},
		{"a polygon with a hole", wkbOf(little, 3, append([]any{2}, append(ring[1:], ring[1:]...)...)...),
			"polygon 0 0, 4 0, 4 4, 0 0, 0 0, 4 0, 4 4, 0 0; ends [4 8]; parts [2]"},
		{"points of both byte orders", wkbOf(little, 4, 2, wkbOf(big, 1, 1., 2.), wkbOf(little, 1, 3., 4.)),
			"multipoint 1 2, 3 4"},
		{"lines with height", wkbOf(little, 1005, 1, wkbOf(little, 1002, 2, 0., 0., 9., 1., 1., 9.)),
			"multiline 0 0, 1 1; ends [2]; flat"},
		{"polygons", wkbOf(little, 6, 2, wkbOf(little, 3, ring...), wkbOf(little, 3, ring...)),
			"multipolygon 0 0, 4 0, 4 4, 0 0, 0 0, 4 0, 4 4, 0 0; ends [4 8]; parts [1 2]"},
		{"an empty part among others", wkbOf(little, 6, 2, wkbOf(little, 3, 0), wkbOf(little, 3, ring...)),
			"multipolygon 0 0, 4 0, 4 4, 0 0; ends [4]; parts [1]"},

		{"an empty point", wkbOf(little, 1, nan, nan), string(record.EmptyGeometry)},
		{"an empty line", wkbOf(little, 2, 0), string(record.EmptyGeometry)},
		{"no polygons", wkbOf(little, 6, 0), string(record.EmptyGeometry)},
		{"half a point", wkbOf(little, 1, nan, 2.), string(record.BadCoordinates)},
		{"an infinite point", wkbOf(little, 1, inf, 2.), string(record.BadCoordinates)},
		{"a line of one point", wkbOf(little, 2, 1, 0., 0.), string(record.BadCoordinates)},
		{"an open ring", wkbOf(little, 3, 1, 4, 0., 0., 4., 0., 4., 4., 0., 1.), string(record.BadRing)},
		{"a ring of three points", wkbOf(little, 3, 1, 3, 0., 0., 4., 0., 0., 0.), string(record.BadRing)},
		{"a line among points", wkbOf(little, 4, 1, wkbOf(little, 2, 2, 0., 0., 1., 1.)),
			string(record.BadCoordinates)},
		{"points within points", wkbOf(little, 4, 1, wkbOf(little, 4, 1, wkbOf(little, 1, 0., 0.))),
			string(record.BadCoordinates)},
		{"a collection", wkbOf(little, 7, 1, wkbOf(little, 1, 0., 0.)), string(record.WrongKind)},
		{"a curve", wkbOf(little, 8, 3, 0., 0., 1., 1., 2., 0.), string(record.WrongKind)},
		{"a type that does not exist", wkbOf(little, 999, 0), string(record.WrongKind)},
		{"nothing", nil, string(record.BadCoordinates)},
		{"neither byte order", []byte{7, 1, 0, 0, 0}, string(record.BadCoordinates)},
		{"four thousand million vertices", wkbOf(little, 2, 0xffffffff), string(record.BadCoordinates)},
		{"four thousand million rings", wkbOf(little, 3, 0xffffffff), string(record.BadCoordinates)},
		{"four thousand million parts", wkbOf(little, 6, 0xffffffff), string(record.BadCoordinates)},
		{"a point that breaks off", wkbOf(little, 1, 1.), string(record.BadCoordinates)},
		{"bytes behind the geometry", append(wkbOf(little, 1, 1., 2.), 0), string(record.BadCoordinates)},
		{"more vertices than taken", wkbOf(little, 2, 9, make([]byte, 9*16)), string(record.TooLarge)},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			var s record.Shape
			got := ""
			if fault := parseWKB(test.wkb, &s, record.Limits{Vertices: 8}); fault != nil {
				got = string(fault.Reason)
			} else {
				got = recordtest.Shape(&s)
			}
			if got != test.want {
				t.Errorf("got %s, want %s", got, test.want)
			}
		})
	}
}

func FuzzWKB(f *testing.F) {
	f.Add(wkbOf(binary.LittleEndian, 6, 1, wkbOf(binary.BigEndian, 3, 1, 4, 0., 0., 4., 0., 4., 4., 0., 0.)))
	f.Add(wkbOf(binary.LittleEndian, 3002, 2, 0., 0., 0., 0., 1., 1., 1., 1.))
	f.Add(wkbOf(binary.BigEndian, 0xffffffff, 0xffffffff))
	f.Fuzz(func(t *testing.T, b []byte) {
		var s record.Shape
		if parseWKB(b, &s, record.Limits{Vertices: 1000}) == nil {
			checkShape(t, &s)
		}
	})
}

// checkShape holds a shape that was taken to what shapes are.
func checkShape(t *testing.T, s *record.Shape) {
	t.Helper()
	if s.Kind == "" || s.Vertices() == 0 || s.Vertices() > 1000 {
		t.Fatalf("kind %q with %d vertices", s.Kind, s.Vertices())
	}
	for _, v := range s.Coordinates {
		if math.IsNaN(v) || math.IsInf(v, 0) {
			t.Fatalf("the coordinate %v is taken", v)
		}
	}
	if s.Kind != "point" && s.Ends[len(s.Ends)-1] != s.Vertices() {
		t.Fatalf("lines end at %v of %d vertices", s.Ends, s.Vertices())
	}
	if s.Kind == "polygon" && s.Parts[len(s.Parts)-1] != len(s.Ends) {
		t.Fatalf("polygons end at %v of %d rings", s.Parts, len(s.Ends))
	}
}
