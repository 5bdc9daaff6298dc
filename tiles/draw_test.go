package tiles

import (
	"errors"
	"fmt"
	"maps"
	"math"
	"math/rand/v2"
	"reflect"
	"slices"
	"strings"
	"testing"

	"yizhan/tiles/tilestest"

	"github.com/paulmach/orb"
	"github.com/paulmach/orb/encoding/ewkb"
	"github.com/paulmach/orb/encoding/mvt"
	"github.com/paulmach/orb/geojson"
	"pgregory.net/rapid"

	"yizhan/geo"
	"yizhan/geo/index"
)

// decoded reads a tile back and checks what every tile must keep.
func decoded(t testing.TB, body []byte) map[string][]*geojson.Feature {
	t.Helper()
	layers, err := mvt.Unmarshal(body)
	if err != nil {
		t.Fatalf("the tile does not decode: %v", err)
	}
	byName := map[string][]*geojson.Feature{}
	for _, l := range layers {
		if l.Version != 2 || l.Extent != extent {
			t.Fatalf("layer %s has version %d and extent %d", l.Name, l.Version, l.Extent)
		}
		if len(l.Features) == 0 || byName[l.Name] != nil {
			t.Fatalf("layer %s is empty or there twice", l.Name)
		}
		met := map[any]bool{}
		for _, f := range l.Features {
			if f.ID != nil && met[f.ID] {
				t.Fatalf("layer %s: feature %v is there twice", l.Name, f.ID)
			}
			met[f.ID] = true
			if err := wellFormed(f.Geometry); err != nil {
				t.Fatalf("layer %s, feature %v: %v: %v", l.Name, f.ID, err, f.Geometry)
			}
		}
		byName[l.Name] = l.Features
	}
	return byName
}

// wellFormed checks what MVT 4.3 asks of geometries.
func wellFormed(g orb.Geometry) error {
	b := g.Bound()
	if b.Min[0] < least || b.Min[1] < least || b.Max[0] > most || b.Max[1] > most {
		return fmt.Errorf("reaches out of the buffer")
	}
	switch g := g.(type) {
	case orb.LineString:
		return wellFormedLine(g)
	case orb.MultiLineString:
		for _, l := range g {
			if err := wellFormedLine(l); err != nil {
				return err
			}
		}
	case orb.Polygon:
		return wellFormedPolygon(g)
	case orb.MultiPolygon:
		for _, p := range g {
			if err := wellFormedPolygon(p); err != nil {
				return err
			}
		}
	}
	return nil
}

func wellFormedLine(l orb.LineString) error {
	if len(l) < 2 {
		return fmt.Errorf("line of %d vertices", len(l))
	}
	for i := 1; i < len(l); i++ {
		if l[i] == l[i-1] {
			return fmt.Errorf("repeated vertex")
		}
	}
	return nil
}

func wellFormedPolygon(p orb.Polygon) error {
	for i, r := range p {
		if len(r) < 4 || r[0] != r[len(r)-1] {
			return fmt.Errorf("ring of %d vertices, or open", len(r))
		}
		twice := 0.0
		for j := 1; j < len(r); j++ {
			if r[j] == r[j-1] {
				return fmt.Errorf("repeated vertex")
			}
			twice += r[j-1][0]*r[j][1] - r[j][0]*r[j-1][1]
		}
		if i == 0 && twice <= 0 || i > 0 && twice >= 0 {
			return fmt.Errorf("ring %d has area %v/2", i, twice)
		}
	}
	return nil
}

func draw(t testing.TB, at geo.Tile, o Options, layers ...*index.Collection) ([]byte, Stats) {
	t.Helper()
	body, stats, err := Draw(at, layers, o)
	if err != nil {
		t.Fatalf("draw %s: %v", at, err)
	}
	return body, stats
}

func ewkbOf(t testing.TB, g orb.Geometry) []byte {
	t.Helper()
	b, err := ewkb.Marshal(g, 4326)
	if err != nil {
		t.Fatal(err)
	}
	return b
}

// around is the tiles of a zoom that a circle of some tiles around the benchmark
// tile reaches.
func around(z uint8, reach uint32) []geo.Tile {
	var all []geo.Tile
	x, y := tilestest.Tile().X>>(14-min(z, 14))<<(max(z, 14)-14), tilestest.Tile().Y>>(14-min(z, 14))<<(max(z, 14)-14)
	last := uint32(1)<<z - 1
	for dx := range 2*reach + 1 {
		for dy := range 2*reach + 1 {
			tx, ty := int64(x)+int64(dx)-int64(reach), int64(y)+int64(dy)-int64(reach)
			if tx >= 0 && ty >= 0 && tx <= int64(last) && ty <= int64(last) {
				all = append(all, geo.Tile{Z: z, X: uint32(tx), Y: uint32(ty)})
			}
		}
	}
	return all
}

func TestEveryTileOfAnyZoomIsWellFormed(t *testing.T) {
	for _, kind := range []geo.Kind{geo.Point, geo.Line, geo.Polygon} {
		t.Run(string(kind), func(t *testing.T) {
			r := rand.New(rand.NewPCG(7, uint64(len(kind))))
			layer := tilestest.Layer(kind)
			layer.PointZoom = 9
			c := tilestest.Built(t, layer, tilestest.Scattered(r, kind, 600))
			for z := range uint8(geo.MaxZoom + 1) {
				for _, at := range around(z, 2) {
					body, stats := draw(t, at, Options{}, c)
					n := len(decoded(t, body)["things"])
					if drawn := 0; len(stats.Layers) > 0 {
						drawn = stats.Layers[0].Drawn
						if drawn != n || stats.Layers[0].Bytes != len(body) {
							t.Fatalf("%s: stats %+v of %d features in %d bytes", at, stats, n, len(body))
						}
					} else if n > 0 {
						t.Fatalf("%s: %d features and no stats", at, n)
					}
				}
			}
		})
	}
}

// Below the point zoom each point is counted in exactly one cell of the zoom.
func TestCountsOfAZoomSumToThePoints(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 1))
	layer := tilestest.Layer(geo.Point)
	layer.PointZoom, layer.Facet = 12, "kind"
	layer.Fields[0].Categories = []geo.Category{{Value: "n0"}, {Value: "n1"}, {Value: "never"}}
	all := tilestest.Scattered(r, geo.Point, 2999)
	all = append(all, orb.Point{-180, 85.0511}, orb.Point{180, -90}, orb.Point{0, 0}, orb.Point{-0.0001, 0.0001})
	c, kinds := tilestest.Built(t, layer, all), len(all)/3+len(all)%3/2
	for z := range uint8(9) {
		total, ids, byKind := 0, map[any]bool{}, map[string]int{}
		for x := range uint32(1) << z {
			for y := range uint32(1) << z {
				body, stats := draw(t, geo.Tile{Z: z, X: x, Y: y}, Options{}, c)
				merged := 0
				for _, f := range decoded(t, body)["things"] {
					if ids[f.ID] {
						t.Fatalf("feature %v is in two tiles", f.ID)
					}
					ids[f.ID] = true
					p := f.Geometry.(orb.Point)
					if p[0] < 0 || p[1] < 0 || p[0] > extent || p[1] > extent {
						t.Fatalf("point at %v, outside its tile", p)
					}
					merged += counted(t, f, byKind)
				}
				if len(stats.Layers) > 0 {
					singles := stats.Layers[0].Drawn - cellsIn(t, body)
					if merged != stats.Layers[0].Merged+singles {
						t.Fatalf("stats say %+v, the tile %d", stats.Layers[0], merged)
					}
				}
				total += merged
			}
		}
		if total != len(all) || byKind["n0"] != kinds || byKind["n1"] != kinds {
			t.Errorf("zoom %d counts %d of %d points, by kind %v of %d", z, total, len(all), byKind, kinds)
		}
	}
}

// counted is how many points a feature of a low zoom stands for, which are added
// to those of their kind.
func counted(t *testing.T, f *geojson.Feature, byKind map[string]int) int {
	count, cell := f.Properties[geo.CountKey].(float64)
	if !cell {
		byKind[f.Properties["kind"].(string)]++
		return 1
	}
	if count < 2 || f.Properties["kind"] != nil {
		t.Fatalf("cell of %v", f.Properties)
	}
	for key, n := range f.Properties {
		if kind, some := strings.CutPrefix(key, geo.CountPrefix); some {
			byKind[kind] += int(n.(float64))
		}
	}
	return int(count)
}

func cellsIn(t *testing.T, body []byte) (n int) {
	for _, f := range decoded(t, body)["things"] {
		if f.Properties[geo.CountKey] != nil {
			n++
		}
	}
	return n
}

// world is the place of a vertex of a tile on the grid of its zoom.
func world(at geo.Tile, p orb.Point) [2]int64 {
	return [2]int64{int64(at.X)*extent + int64(p[0]), int64(at.Y)*extent + int64(p[1])}
}

// A vertex that two neighbouring tiles show is in the same place in both, and
// neither leaves out a vertex that the other has.
func TestNeighboursAgreeAtTheirSeam(t *testing.T) {
	for _, kind := range []geo.Kind{geo.Line, geo.Polygon} {
		r := rand.New(rand.NewPCG(3, 3))
		c := tilestest.Built(t, tilestest.Layer(kind), tilestest.Scattered(r, kind, 400))
		for _, z := range []uint8{9, 12, 14, 16} {
			for _, left := range around(z, 1) {
				right := geo.Tile{Z: z, X: left.X + 1, Y: left.Y}
				a, b := seam(t, c, left), seam(t, c, right)
				if !reflect.DeepEqual(a(extent), b(0)) {
					t.Fatalf("%s and %s differ at their seam:\n%v\n%v", left, right, a(extent), b(0))
				}
			}
		}
	}
}

// seam returns the vertices that lie within the buffer around a column, other
// than those made by clipping, by feature.
func seam(t *testing.T, c *index.Collection, at geo.Tile) func(column float64) map[string]bool {
	body, _ := draw(t, at, Options{}, c)
	features := decoded(t, body)["things"]
	return func(column float64) map[string]bool {
		found := map[string]bool{}
		for _, f := range features {
			for _, p := range vertices(f.Geometry) {
				if math.Abs(p[0]-column) < buffer-2 && p[1] > least && p[1] < most {
					found[fmt.Sprint(f.ID, world(at, p))] = true
				}
			}
		}
		return found
	}
}

func vertices(g orb.Geometry) []orb.Point {
	var all []orb.Point
	switch g := g.(type) {
	case orb.Point:
		return []orb.Point{g}
	case orb.MultiPoint:
		return g
	case orb.LineString:
		return g
	case orb.MultiLineString:
		for _, l := range g {
			all = append(all, l...)
		}
	case orb.Polygon:
		for _, r := range g {
			all = append(all, r...)
		}
	case orb.MultiPolygon:
		for _, p := range g {
			all = append(all, vertices(p)...)
		}
	}
	return all
}

// The same rows give the same bytes, whatever was done to the layer before.
func TestTheSameRowsGiveTheSameBytes(t *testing.T) {
	for _, kind := range []geo.Kind{geo.Point, geo.Line, geo.Polygon} {
		rapid.Check(t, func(t *rapid.T) {
			r := rand.New(rand.NewPCG(rapid.Uint64().Draw(t, "seed"), 1))
			all := tilestest.Scattered(r, kind, 300)
			layer := tilestest.Layer(kind)
			layer.PointZoom = 12
			straight := tilestest.Built(t, layer, all)
			other := slices.Clone(all)
			r.Shuffle(len(other), func(i, j int) { other[i], other[j] = other[j], other[i] })
			crooked := tilestest.Built(t, layer, other[:200])
			for range 3 {
				e := crooked.Edit()
				for _, id := range r.Perm(len(all)) {
					wkb, err := ewkb.Marshal(all[id], 4326)
					if err != nil {
						t.Fatal(err)
					}
					d := e.Dictionary()
					if err := e.Upsert(int64(id), wkb, []index.Ref{d.Text(fmt.Appendf(nil, "n%d", id%3)),
						d.Int(int64(id))}); err != nil {
						t.Fatal(err)
					}
				}
				e.Remove(10_000)
				crooked, _ = e.Commit()
			}
			for _, o := range []Options{{}, {Points: 20, Features: 20}, {Bytes: 700}} {
				for _, z := range []uint8{8, 11, 12, 14} {
					at := geo.Tile{Z: z, X: tilestest.Tile().X << z >> 14, Y: tilestest.Tile().Y << z >> 14}
					a, _, _ := Draw(at, []*index.Collection{straight}, o)
					b, _, _ := Draw(at, []*index.Collection{crooked}, o)
					if !slices.Equal(a, b) {
						t.Fatalf("%s with %+v differs: %d and %d bytes", at, o, len(a), len(b))
					}
				}
			}
		})
	}
}

func TestNoTileExceedsItsBounds(t *testing.T) {
	r := rand.New(rand.NewPCG(5, 5))
	points := tilestest.Built(t, tilestest.Layer(geo.Point), tilestest.Scattered(r, geo.Point, 2000))
	lines := tilestest.Built(t, tilestest.Layer(geo.Line), tilestest.Scattered(r, geo.Line, 2000))
	at := geo.Tile{Z: 10, X: tilestest.Tile().X >> 4, Y: tilestest.Tile().Y >> 4}

	body, stats := draw(t, at, Options{Points: 100}, points)
	if n := len(decoded(t, body)["things"]); n == 0 || stats.Layers[0].Merged < 100 {
		t.Errorf("too many points became %d cells of %+v", n, stats)
	}
	_, stats = draw(t, at, Options{Features: 50}, lines)
	if got := stats.Layers[0]; got.Drawn > 50 || got.Dropped == 0 {
		t.Errorf("50 lines at most, and drew %+v", got)
	}
	if got, want := stats.Degraded(), fmt.Sprintf("things;largest=%d", stats.Layers[0].Drawn); got != want {
		t.Errorf("the tile says %q of itself, want %q", got, want)
	}
	if _, stats = draw(t, at, Options{}, points); stats.Degraded() != "" {
		t.Errorf("a tile within its budget says %q", stats.Degraded())
	}
	if _, stats = draw(t, at, Options{Points: 100}, points); stats.Degraded() != "things;cells=1" {
		t.Errorf("cells instead of points say %q", stats.Degraded())
	}
	for _, limit := range []int{0, 100, 5000, 50_000} {
		body, _ := draw(t, at, Options{Bytes: limit + 1}, points, lines)
		if len(body) > limit+1000 {
			t.Errorf("%d bytes with a limit of %d", len(body), limit)
		}
	}
}

func TestAFeatureOfMillionsOfVerticesIsDrawnAsALowerZoomWould(t *testing.T) {
	r := rand.New(rand.NewPCG(6, 6))
	ground := tilestest.Tile().Bound()
	line := orb.LineString{}
	for range 300_000 {
		line = append(line, orb.Point{
			ground.Min[0] + r.Float64()*(ground.Max[0]-ground.Min[0]), ground.Min[1] +
				r.Float64()*(ground.Max[1]-ground.Min[1])})
	}
	body, stats := draw(t, tilestest.Tile(), Options{}, tilestest.Built(t, tilestest.Layer(geo.Line),
		[]orb.Geometry{line}))
	if n := len(vertices(decoded(t, body)["things"][0].Geometry)); n > 2*maxVertices || n < 2 {
		t.Errorf("%d vertices in %d bytes, %+v", n, len(body), stats)
	}
}

func TestPersonalLayersHaveNoTiles(t *testing.T) {
	for _, privacy := range []geo.Privacy{geo.Personal, "", "other"} {
		layer := tilestest.Layer(geo.Point)
		layer.Privacy = privacy
		secret := tilestest.Built(t, layer, []orb.Geometry{tilestest.Tile().Bound().Center()})
		open := tilestest.Built(t, tilestest.Layer(geo.Point), []orb.Geometry{tilestest.Tile().Bound().Center()})
		body, _, err := Draw(tilestest.Tile(), []*index.Collection{open, secret}, Options{})
		if !errors.Is(err, geo.ErrForbidden) || body != nil {
			t.Errorf("privacy %q: %d bytes, %v", privacy, len(body), err)
		}
	}
}

func TestLayersShowBetweenTheirZooms(t *testing.T) {
	layer := tilestest.Layer(geo.Point)
	layer.MinZoom, layer.MaxZoom = 10, 12
	c := tilestest.Built(t, layer, []orb.Geometry{tilestest.Tile().Bound().Center()})
	for z := range uint8(geo.MaxZoom + 1) {
		for _, at := range around(z, 0) {
			if z > 14 {
				at.X, at.Y = at.X+1<<(z-15), at.Y+1<<(z-15)
			}
			body, _ := draw(t, at, Options{}, c)
			if shown := len(body) > 0; shown != (z >= 10 && z <= 12) {
				t.Errorf("zoom %d shown: %v", z, shown)
			}
		}
	}
}

func TestAttributesComeInAtTheirZoom(t *testing.T) {
	twelve, fourteen := 12, 14
	layer := tilestest.Layer(geo.Point)
	layer.Fields = []geo.Field{
		{Name: "hidden"}, {Name: "late", MinZoom: &fourteen}, {Name: "early", MinZoom: &twelve},
		{Name: "long", MinZoom: &twelve},
		{Name: "price", MinZoom: &twelve}, {Name: "open", MinZoom: &twelve}, {Name: "below", MinZoom: &twelve},
		{Name: "null", MinZoom: &twelve},
	}
	b := index.NewBuilder(layer, 1)
	d := b.Dictionary()
	wkb, err := ewkb.Marshal(tilestest.Tile().Bound().Center(), 4326)
	if err != nil {
		t.Fatal(err)
	}
	values := []index.Ref{d.Text([]byte("secret")), d.Int(1 << 40), d.Text([]byte("井")),
		d.Text(make([]byte, maxText+1)), d.Float(0.1), d.Bool(true), d.Int(-7), 0}
	if err := b.Add(5, wkb, values); err != nil {
		t.Fatal(err)
	}
	c := b.Build()
	for z, want := range map[uint8]geojson.Properties{
		11: {},
		12: {"early": "井", "price": 0.1, "open": true, "below": -7.0},
		14: {"early": "井", "price": 0.1, "open": true, "below": -7.0, "late": float64(1 << 40)},
	} {
		at := geo.Tile{Z: z, X: tilestest.Tile().X << z >> 14, Y: tilestest.Tile().Y << z >> 14}
		body, _ := draw(t, at, Options{}, c)
		if got := decoded(t, body)["things"][0].Properties; !maps.Equal(got, want) {
			t.Errorf("zoom %d: %v, want %v", z, got, want)
		}
	}
}

// FuzzDraw asks for any tile of a city with anything in it.
func FuzzDraw(f *testing.F) {
	r := rand.New(rand.NewPCG(8, 8))
	var city []*index.Collection
	for _, kind := range []geo.Kind{geo.Polygon, geo.Line, geo.Point} {
		layer := tilestest.Layer(kind)
		layer.Name, layer.PointZoom = geo.LayerName(kind), 13
		all := append(tilestest.Scattered(r, kind, 200), farAway(kind)...)
		city = append(city, tilestest.Built(f, layer, all))
	}
	f.Add(uint8(14), tilestest.Tile().X, tilestest.Tile().Y, 0, 0, 0)
	f.Add(uint8(0), uint32(0), uint32(0), 1, 1, 1)
	f.Add(uint8(22), uint32(4194303), uint32(0), 100, 100, 100)
	f.Fuzz(func(t *testing.T, z uint8, x, y uint32, points, features, bytes int) {
		at, err := geo.NewTile(z%(geo.MaxZoom+1), x%(1<<(z%(geo.MaxZoom+1))), y%(1<<(z%(geo.MaxZoom+1))))
		if err != nil {
			t.Fatal(err)
		}
		body, _ := draw(t, at, Options{Points: points, Features: features, Bytes: bytes}, city...)
		decoded(t, body)
	})
}

// farAway is geometries at the corners of the world and around all of it.
func farAway(kind geo.Kind) []orb.Geometry {
	corner := orb.Ring{{-180, -90}, {180, -90}, {180, 90}, {-180, 90}, {-180, -90}}
	switch kind {
	case geo.Point:
		return []orb.Geometry{corner[0], corner[2], orb.MultiPoint{corner[1], corner[3]}}
	case geo.Line:
		return []orb.Geometry{orb.LineString(corner), orb.LineString{corner[0], corner[2]}}
	default:
		return []orb.Geometry{orb.Polygon{corner}, orb.Polygon{{{0, 0}, {180, 90}, {180, -90}, {0, 0}}}}
	}
}
