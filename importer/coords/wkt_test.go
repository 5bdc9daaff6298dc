package coords

import (
	"fmt"
	"regexp"
	"strconv"
	"strings"
	"testing"

	"yizhan/importer/record"
)

var decimalText = regexp.MustCompile(`^[-+]?[0-9]{1,30}(\.[0-9]{0,30})?$`)

// plainDecimal reads a decimal as strconv does.
func plainDecimal(text string) (float64, bool) {
	if !decimalText.MatchString(text) {
		return 0, false
	}
	v, err := strconv.ParseFloat(text, 64)
	return v, err == nil
}

func shapeText(s *record.Shape) string {
	return fmt.Sprintf("%s multi=%t %v ends=%v parts=%v flat=%t", s.Kind, s.Multi, s.Coordinates, s.Ends, s.Parts,
		s.Flattened)
}

func TestWellKnownTextThatIsRead(t *testing.T) {
	for _, c := range []struct{ text, want string }{
		{"POINT(112.5 32.9)", "point multi=false [112.5 32.9] ends=[] parts=[] flat=false"},
		{" point ( 112.5   32.9 ) ", "point multi=false [112.5 32.9] ends=[] parts=[] flat=false"},
		{"SRID=4547;POINT(361899.844 3652902.318)",
			"point multi=false [361899.844 3.652902318e+06] ends=[] parts=[] flat=false"},
		{"srid=4326; POINT(1 2)", "point multi=false [1 2] ends=[] parts=[] flat=false"},
		{"POINT Z (1 2 3)", "point multi=false [1 2] ends=[] parts=[] flat=true"},
		{"POINTZM(1 2 3 4)", "point multi=false [1 2] ends=[] parts=[] flat=true"},
		{"POINT M(1 2 3)", "point multi=false [1 2] ends=[] parts=[] flat=true"},
		{"POINT(1 2 3)", "point multi=false [1 2] ends=[] parts=[] flat=true"},
		{"MULTIPOINT(1 2,3 4)", "point multi=true [1 2 3 4] ends=[] parts=[] flat=false"},
		{"MULTIPOINT((1 2),(3 4))", "point multi=true [1 2 3 4] ends=[] parts=[] flat=false"},
		{"LineString(1 2,3 4,5 6)", "line multi=false [1 2 3 4 5 6] ends=[3] parts=[] flat=false"},
		{"MULTILINESTRING((1 2,3 4),(5 6,7 8))", "line multi=true [1 2 3 4 5 6 7 8] ends=[2 4] parts=[] flat=false"},
		{"POLYGON((0 0,4 0,4 4,0 0),(1 1,2 1,2 2,1 1))",
			"polygon multi=false [0 0 4 0 4 4 0 0 1 1 2 1 2 2 1 1] ends=[4 8] parts=[2] flat=false"},
		{"MULTIPOLYGON Z(((0 0 1,4 0 1,4 4 1,0 0 1)),((0 0 1,1 0 1,1 1 1,0 0 1)))",
			"polygon multi=true [0 0 4 0 4 4 0 0 0 0 1 0 1 1 0 0] ends=[4 8] parts=[1 2] flat=true"},
	} {
		var s record.Shape
		if fault := parseWKT([]byte(c.text), &s, record.Limits{}.WithDefaults()); fault != nil {
			t.Errorf("%s: %+v", c.text, *fault)
		} else if got := shapeText(&s); got != c.want {
			t.Errorf("%s: %s, want %s", c.text, got, c.want)
		}
	}
}

func TestWellKnownTextThatIsRefused(t *testing.T) {
	for _, c := range []struct{ text, want string }{
		{"POINT EMPTY", string(record.EmptyGeometry)}, {"POLYGON Z EMPTY", string(record.EmptyGeometry)},
		{"multipoint empty", string(record.EmptyGeometry)}, {"MULTIPOLYGON(EMPTY)", string(record.EmptyGeometry)},
		{"GEOMETRYCOLLECTION(POINT(1 2))", string(record.WrongKind)},
		{"CIRCULARSTRING(0 0,1 1,2 0)", string(record.WrongKind)},
		{"TIN(((0 0,1 0,1 1,0 0)))", string(record.WrongKind)},
		{"POLYGON((0 0,4 0,0 0))", string(record.BadRing)}, {"POLYGON((0 0,4 0,4 4,0 1))", string(record.BadRing)},
		{"POLYGON((0 0,4 0,4 4,0 0),(1 1,2 2))", string(record.BadRing)},
		{"LINESTRING(1 2)", string(record.BadCoordinates)}, {"POINT(1)", string(record.BadCoordinates)},
		{"POINT(1 2 3 4 5)", string(record.BadCoordinates)}, {"POINT(1,2)", string(record.BadCoordinates)},
		{"POINT Z(1 2)", string(record.BadCoordinates)},
		{"POINT(1 2", string(record.BadCoordinates)}, {"POINT(1 2))", string(record.BadCoordinates)},
		{"POINT 1 2", string(record.BadCoordinates)}, {"POINT()", string(record.BadCoordinates)},
		{"", string(record.BadCoordinates)}, {"0101000000", string(record.BadCoordinates)},
		{"POINT(NaN NaN)", string(record.BadCoordinates)}, {"POINT(1e999 0)", string(record.BadCoordinates)},
		{"POINT(0x10 1)", string(record.BadCoordinates)},
		{"LINESTRING(1 2,3 4 5)", string(record.BadCoordinates)},
		{"MULTIPOINT((1 2,3 4))", string(record.BadCoordinates)},
		{"SRID=;POINT(1 2)", string(record.BadCoordinates)}, {"镇平县", string(record.BadCoordinates)},
		{"none", string(record.BadCoordinates)}, {"CURVEPOLYGON EMPTY", string(record.WrongKind)},
		{"POLYGON(" + strings.Repeat("(", 100000), string(record.BadCoordinates)},
		{"LINESTRING(" + strings.Repeat("1 2,", 11) + "1 2)", string(record.TooLarge)},
	} {
		s := record.Shape{}
		fault := parseWKT([]byte(c.text), &s, record.Limits{Vertices: 10})
		if fault == nil || string(fault.Reason) != c.want || s.Kind != "" || s.Vertices() != 0 {
			t.Errorf("%.40s: %+v with %s, want %s and no shape", c.text, fault, shapeText(&s), c.want)
		}
	}
}

func TestTheCodeBeforeWellKnownText(t *testing.T) {
	for text, want := range map[string]int{"SRID=4547;POINT(1 2)": 4547, "srid=4326;x": 4326, "POINT(1 2)": 0,
		"SRID=-5;x": 0, "SRID=99999999999999999999999999;x": 0, "SRID=4547": 0} {
		if got, _ := cutSRID([]byte(text)); got != want {
			t.Errorf("%s: %d, want %d", text, got, want)
		}
	}
}

// Whatever is read has counts that fit together, and rings that are closed.
func FuzzWKT(f *testing.F) {
	for _, s := range []string{"POINT(1 2)", "SRID=4547;POINT Z(1 2 3)", "MULTIPOLYGON(((0 0,4 0,4 4,0 0)))",
		"MULTIPOINT(1 2,(3 4))", "POLYGON EMPTY", "GEOMETRYCOLLECTION(", "LINESTRING ZM(1 2 3 4,5 6 7 8)"} {
		f.Add([]byte(s))
	}
	f.Fuzz(func(t *testing.T, text []byte) {
		var s record.Shape
		fault := parseWKT(text, &s, record.Limits{Vertices: 1000})
		if fault != nil {
			if s.Kind != "" || len(s.Coordinates) != 0 {
				t.Errorf("%q: a fault and a shape", text)
			}
			return
		}
		if s.Vertices() == 0 || s.Vertices() > 1000 || len(s.Coordinates)%2 != 0 {
			t.Errorf("%q: %d vertices", text, s.Vertices())
		}
		start := 0
		for _, end := range s.Ends {
			if s.Parts != nil && (end-start < 4 || s.Coordinates[2*start] != s.Coordinates[2*end-2]) {
				t.Errorf("%q: a ring that is not closed", text)
			}
			start = end
		}
		if len(s.Ends) > 0 && start != s.Vertices() || len(s.Parts) > 0 && s.Parts[len(s.Parts)-1] != len(s.Ends) {
			t.Errorf("%q: %s", text, shapeText(&s))
		}
	})
}
