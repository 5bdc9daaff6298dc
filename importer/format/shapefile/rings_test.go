package shapefile

import (
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"os"
	"slices"
	"strings"
	"testing"

	"yizhan/importer/record"
)

// sorted reads a polygon of the rings and writes it with rings by their first
// coordinates: "0[1 2] 5[]" is the ring at 0 with holes at 1 and 2, and one at 5.
func sorted(t *testing.T, rings ...[]float64) string {
	t.Helper()
	var reader shapeReader
	var s record.Shape
	if fault := reader.read(partsShape(5, rings...), &s, 10_000_000); fault != nil {
		t.Fatal(fault)
	}
	var parts []string
	ring, start := 0, 0
	for _, part := range s.Parts {
		var firsts []float64
		for ; ring < part; ring++ {
			firsts = append(firsts, s.Coordinates[2*start])
			start = s.Ends[ring]
		}
		slices.Sort(firsts[1:])
		parts = append(parts, fmt.Sprint(firsts[0], firsts[1:]))
	}
	if s.Multi != (len(s.Parts) > 1) || 2*start != len(s.Coordinates) {
		t.Errorf("multi %v, %d parts, %d of %d numbers", s.Multi, len(s.Parts), 2*start, len(s.Coordinates))
	}
	return strings.Join(parts, " ")
}

func TestShapefileRings(t *testing.T) {
	tests := []struct {
		what  string
		rings [][]float64
		want  string
	}{
		{"two squares apart", [][]float64{cw(0, 0, 1), cw(9, 0, 1)}, "-1 [] 8 []"},
		{"each with a hole, all holes behind", [][]float64{cw(0, 0, 4), cw(20, 0, 4), ccw(20, 0, 1), ccw(0, 0, 1)},
			"-4 [-1] 16 [19]"},
		{"two holes in one", [][]float64{ccw(-2, 0, 1), cw(0, 0, 4), ccw(2, 0, 1)}, "-4 [-3 1]"},
		{"an island in a hole, with a hole of its own", [][]float64{ccw(0, 0, 1), ccw(0, 0, 7), cw(0, 0, 9),
			cw(0, 0, 3)}, "-9 [-7] -3 [-1]"},
		{"a hole without an outer ring is one", [][]float64{cw(0, 0, 1), ccw(9, 0, 1)}, "-1 [] 8 []"},
		{"a hole larger than all", [][]float64{cw(0, 0, 1), ccw(0, 0, 5)}, "-1 [] -5 []"},
		{"a hole that touches the outer ring at a corner", [][]float64{cw(0, 0, 4), {-4, -4, 0, -3, -3, 0, -4, -4}},
			"-4 [-4]"},
		{"a hole that touches it with all corners", [][]float64{cw(0, 0, 4), {0, -4, 4, 0, 0, 4, -4, 0, 0, -4}},
			"-4 [0]"},
		{"a hole within the bounds only", [][]float64{{0, 0, 0, 10, 1, 1, 10, 0, 0, 0}, ccw(8, 8, 1)}, "0 [] 7 []"},
		{"a hole that fills its ring", [][]float64{cw(0, 0, 4), ccw(0, 0, 4)}, "-4 [-4]"},
		{"a ring without area", [][]float64{cw(0, 0, 4), {0, 0, 1, 0, 2, 0, 0, 0}}, "-4 [] 0 []"},
		{"far from the origin, as with a zone prefix", [][]float64{cw(38_361_899.844, 3_652_902.318, 0.5),
			ccw(38_361_899.844, 3_652_902.318, 0.01)}, "3.8361899344e+07 [3.8361899834e+07]"},
		{"numbers near the largest", [][]float64{cw(0, 0, 1e308), ccw(0, 0, 1e307)}, "-1e+308 [] -1e+307 []"},
	}
	for _, test := range tests {
		if got := sorted(t, test.rings...); got != test.want {
			t.Errorf("%s: got %s, want %s", test.what, got, test.want)
		}
	}
}

// A field of 2,500 squares with a hole each, all holes first and everything shuffled.
func TestShapefileFiveThousandRings(t *testing.T) {
	const side, seed = 50, 1
	random := rand.New(rand.NewPCG(seed, 0))
	var holes, outers [][]float64
	for i := range side * side {
		x, y := float64(i), 3*float64(i%side)
		outers, holes = append(outers, cw(x, y, 0.4)), append(holes, ccw(x, y, 0.1))
	}
	for _, rings := range [][][]float64{outers, holes} {
		random.Shuffle(len(rings), func(i, j int) { rings[i], rings[j] = rings[j], rings[i] })
	}
	parts := strings.Split(sorted(t, append(holes, outers...)...), "] ")
	if len(parts) != side*side {
		t.Fatalf("%d polygons, seed %d", len(parts), seed)
	}
	for _, part := range parts {
		var outer, hole float64
		if n, err := fmt.Sscanf(part, "%g [%g", &outer, &hole); n != 2 || hole-outer < 0.29 || hole-outer > 0.31 {
			t.Fatalf("%q has another's hole: %v, seed %d", part, err, seed)
		}
	}
}

// 5,000 holes in a round ring of 200,000 vertices: every one belongs to it, and one beyond its arc does not.
func TestShapefileManyHolesInALargeRing(t *testing.T) {
	outer := round(0, 0, 1000, 200_000)
	rings := [][]float64{outer, ccw(999*0.72, 999*0.72, 0.1)}
	for i := range 5000 {
		rings = append(rings, ccw(float64(i%100)*10-495, float64(i/100)*20-490, 1))
	}
	var reader shapeReader
	var s record.Shape
	if fault := reader.read(partsShape(5, rings...), &s, 10_000_000); fault != nil {
		t.Fatal(fault)
	}
	if len(s.Parts) != 2 || s.Parts[0] != 5001 {
		t.Errorf("parts %v", s.Parts)
	}
}

// A ring of long teeth has every edge in every band, and the holes lie among them: the work has an end.
func TestShapefileRingsWithoutEndAreRefused(t *testing.T) {
	const teeth = 200_000
	comb := []float64{0, 0}
	for i := range teeth {
		comb = append(comb, float64(i), 100, float64(i)+0.5, 1)
	}
	comb = append(comb, teeth, 0, 0, 0)
	rings := [][]float64{comb}
	for i := range 5000 {
		rings = append(rings, ccw(float64(i)+0.5, 0.5, 0.01), ccw(float64(i)+100, 50, 0.01))
	}
	var reader shapeReader
	var s record.Shape
	if fault := reader.read(partsShape(5, rings...), &s, 10_000_000); fault == nil || fault.Reason != record.TooLarge {
		t.Errorf("got %v", fault)
	}
}

// One real multipolygon of 5,287 parts and 235,489 vertices, its rings shuffled:
// every hole finds its island. Simplifying has put 162 holes of this file outside
// their islands (GEOS says so too), and those are left out.
func TestShapefileCoastWithShuffledRings(t *testing.T) {
	text, err := os.ReadFile("../../../shared/data/nasty/extreme_multipolygon_NOR.geojson")
	if err != nil {
		t.Skip("SKIPPED, NOT TESTED: no shared/data/nasty beside the repository")
	}
	var coast struct {
		Features []struct {
			Geometry struct{ Coordinates [][][][2]float64 }
		}
	}
	if err := json.Unmarshal(text, &coast); err != nil || len(coast.Features) != 1 {
		t.Fatal(err, len(coast.Features))
	}
	const seed = 1
	var rings [][]float64
	var want []string
	strays := 0
	for _, polygon := range coast.Features[0].Geometry.Coordinates {
		var written []string
		var outer *ringIndex
		for i, ring := range polygon {
			xy := make([]float64, 0, 2*len(ring))
			for _, v := range ring {
				xy = append(xy, v[0], v[1])
			}
			if _, area := measureRing(xy); (area > 0) != (i > 0) {
				xy = reversed(xy)
			}
			if box, _ := measureRing(xy); i == 0 {
				outer = newRingIndex(xy, box)
			} else if leaves(outer, xy) {
				strays++
				continue
			}
			rings, written = append(rings, xy), append(written, fmt.Sprint(xy))
		}
		want = append(want, inOrder(written))
	}
	rand.New(rand.NewPCG(seed, 0)).Shuffle(len(rings), func(i, j int) { rings[i], rings[j] = rings[j], rings[i] })
	var reader shapeReader
	var s record.Shape
	if fault := reader.read(partsShape(5, rings...), &s, 10_000_000); fault != nil {
		t.Fatal(fault)
	}
	var got []string
	ring, start := 0, 0
	for _, part := range s.Parts {
		var written []string
		for ; ring < part; ring++ {
			written, start = append(written, fmt.Sprint(s.Coordinates[2*start:2*s.Ends[ring]])), s.Ends[ring]
		}
		got = append(got, inOrder(written))
	}
	slices.Sort(want)
	slices.Sort(got)
	if strays != 162 || !slices.Equal(got, want) {
		t.Errorf("%d polygons of %d rings are not the %d that there were, %d strays, seed %d", len(got), len(rings),
			len(want), strays, seed)
	}
}

func reversed(xy []float64) []float64 {
	out := make([]float64, 0, len(xy))
	for i := len(xy) - 2; i >= 0; i -= 2 {
		out = append(out, xy[i], xy[i+1])
	}
	return out
}

// leaves says whether a vertex lies outside the ring.
func leaves(ring *ringIndex, xy []float64) bool {
	for i := 0; i < len(xy); i += 2 {
		if side, _ := ring.side(xy[i], xy[i+1]); side < 0 {
			return true
		}
	}
	return false
}
