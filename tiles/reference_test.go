package tiles

import (
	"math"
	"math/rand/v2"
	"testing"

	"yizhan/tiles/tilestest"

	"github.com/paulmach/orb"
	"github.com/paulmach/orb/clip"
	"github.com/paulmach/orb/planar"
	"github.com/paulmach/orb/project"

	"yizhan/geo"
	"yizhan/geo/index"
)

// onTile projects degrees to units of a tile, in floating point and by the
// textbook, and clips to the buffer.
func onTile(at geo.Tile, g orb.Geometry) orb.Geometry {
	n := math.Exp2(float64(at.Z))
	projected := project.Geometry(orb.Clone(g), func(p orb.Point) orb.Point {
		y := (1 - math.Asinh(math.Tan(p[1]*math.Pi/180))/math.Pi) / 2
		return orb.Point{((p[0]+180)/360*n - float64(at.X)) * extent, (y*n - float64(at.Y)) * extent}
	})
	return clip.Geometry(orb.Bound{Min: orb.Point{least, least}, Max: orb.Point{most, most}}, projected)
}

// From the detail zoom on a tile shows what projecting and clipping by the
// textbook gives, within the rounding of a unit and the half unit of simplifying.
func TestTilesShowWhatTheTextbookGives(t *testing.T) {
	for _, kind := range []geo.Kind{geo.Point, geo.Line, geo.Polygon} {
		t.Run(string(kind), func(t *testing.T) {
			r := rand.New(rand.NewPCG(9, uint64(len(kind))))
			all := tilestest.Scattered(r, kind, 2000)
			c := tilestest.Built(t, tilestest.Layer(kind), all)
			compared := 0
			for _, z := range []uint8{14, 15, 17, 20} {
				for _, at := range around(z, 1) {
					compared += compare(t, c, all, at)
				}
			}
			if compared < 100 {
				t.Errorf("only %d features were there to compare", compared)
			}
		})
	}
}

// tolerance covers rounding (0.71), a vertex left out (0.5) and a world unit;
// points are only rounded.
const (
	tolerance      = 1.5
	pointTolerance = 0.8
)

func compare(t *testing.T, c *index.Collection, all []orb.Geometry, at geo.Tile) int {
	t.Helper()
	drawn := map[int]orb.Geometry{}
	body, _ := draw(t, at, Options{}, c)
	for _, f := range decoded(t, body)["things"] {
		id := int(f.ID.(float64))
		drawn[id] = f.Geometry
		if f.Properties["size"] != f.ID {
			t.Fatalf("feature %d has the attributes %v", id, f.Properties)
		}
	}
	for id, g := range all {
		want := onTile(at, g)
		got := drawn[id]
		if want == nil || len(vertices(want)) == 0 {
			if got != nil && !atEdge(got) {
				t.Errorf("%s: feature %d is drawn as %v and should not be", at, id, got)
			}
			continue
		}
		if got == nil {
			if !atEdge(want) && size(g, at) > smallest && !thin(want) {
				t.Errorf("%s: feature %d is missing: %v", at, id, want)
			}
			continue
		}
		if _, area := want.(orb.Polygon); !area {
			if d := strays(got, want); d > tolerance || g.Dimensions() == 0 && d > pointTolerance {
				t.Errorf("%s: feature %d strays %v", at, id, d)
			}
		}
		if d := strays(want, got); d > tolerance && !thin(want) {
			t.Errorf("%s: feature %d falls short by %v:\n%v\n%v", at, id, d, got, want)
		}
		if a, b := planar.Area(got), planar.Area(want); math.Abs(a-b) > tolerance*(planar.Length(want)+10) {
			t.Errorf("%s: feature %d has area %v, want %v", at, id, a, b)
		}
	}
	return len(drawn)
}

// smallest is the side in units from which a line or polygon is drawn, and some.
const smallest = 6

// size is the longer side of a feature's box in units of the tile.
func size(g orb.Geometry, at geo.Tile) float64 {
	if _, point := g.(orb.Point); point {
		return math.Inf(1)
	}
	b := g.Bound()
	units := math.Exp2(float64(at.Z)) * extent / 360
	return max(b.Max[0]-b.Min[0], b.Max[1]-b.Min[1]) * units
}

// thin geometries may vanish by rounding.
func thin(g orb.Geometry) bool {
	return g.Dimensions() == 2 && math.Abs(planar.Area(g)) < tolerance*planar.Length(g) || g.Dimensions() == 1 &&
		planar.Length(g) < 4
}

// atEdge reports whether nothing is more than two units inside of the buffer.
func atEdge(g orb.Geometry) bool {
	inner := orb.Bound{Min: orb.Point{least + 2, least + 2}, Max: orb.Point{most - 2, most - 2}}
	return !g.Bound().Intersects(inner)
}

// strays is how far the vertices of a, other than on the edge of the buffer, are
// from b at most.
func strays(a, b orb.Geometry) float64 {
	far := 0.0
	for _, p := range vertices(a) {
		if p[0] > least+2 && p[0] < most-2 && p[1] > least+2 && p[1] < most-2 {
			far = max(far, distance(b, p))
		}
	}
	return far
}

// distance is from a place to the lines or points of a geometry.
func distance(g orb.Geometry, p orb.Point) float64 {
	near := math.Inf(1)
	line := func(l []orb.Point) {
		for i := 1; i < len(l); i++ {
			near = min(near, planar.DistanceFromSegment(l[i-1], l[i], p))
		}
	}
	switch g := g.(type) {
	case orb.LineString:
		line(g)
	case orb.MultiLineString:
		for _, l := range g {
			line(l)
		}
	case orb.Polygon:
		for _, r := range g {
			line(r)
		}
	case orb.MultiPolygon:
		for _, q := range g {
			near = min(near, distance(q, p))
		}
	default:
		for _, q := range vertices(g) {
			near = min(near, planar.Distance(p, q))
		}
	}
	return near
}
