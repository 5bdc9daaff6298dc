package tiles

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"testing"

	"yizhan/tiles/tilestest"

	"github.com/paulmach/orb"
	"github.com/paulmach/orb/encoding/ewkb"
	"github.com/paulmach/orb/encoding/mvt"
	"github.com/paulmach/orb/geojson"
	"github.com/paulmach/orb/maptile"

	"yizhan/geo"
	"yizhan/geo/index"
)

// thing is a feature of the benchmarks.
type thing struct {
	id         int64
	geometry   orb.Geometry
	kind, size any
}

// benchThings fills the tile; the ids have nothing to do with the places.
func benchThings(n int, make func(r *rand.Rand, at orb.Point) orb.Geometry) []thing {
	r := rand.New(rand.NewPCG(411300, 2))
	ground := tilestest.Tile().Bound()
	kinds := []string{"water", "sewage", "rain", "power", "lighting", "telecom", "heat", "gas"}
	things := []thing{}
	for _, id := range r.Perm(n) {
		at := orb.Point{
			ground.Min[0] + r.Float64()*(ground.Max[0]-ground.Min[0]),
			ground.Min[1] + r.Float64()*(ground.Max[1]-ground.Min[1]),
		}
		things = append(things, thing{int64(id), make(r, at), kinds[r.IntN(len(kinds))], int64(300 + 100*r.IntN(7))})
	}
	return things
}

func collect(tb testing.TB, layer *geo.Layer, things []thing) *index.Collection {
	tb.Helper()
	b := index.NewBuilder(layer, len(things))
	d := b.Dictionary()
	for _, t := range things {
		wkb, err := ewkb.Marshal(t.geometry, 4326)
		if err != nil {
			tb.Fatal(err)
		}
		if err := b.Add(t.id, wkb, []index.Ref{d.Text([]byte(t.kind.(string))), d.Int(t.size.(int64))}); err != nil {
			tb.Fatal(err)
		}
	}
	return b.Build()
}

// Shapes of the benchmarks.
func aPoint(_ *rand.Rand, at orb.Point) orb.Geometry { return at }

func aStreet(r *rand.Rand, at orb.Point) orb.Geometry {
	line := orb.LineString{}
	for range 9 {
		line = append(line, at)
		at = orb.Point{at[0] + 0.0003*r.Float64(), at[1] + 0.0002*r.NormFloat64()}
	}
	return line
}

func aHouse(r *rand.Rand, at orb.Point) orb.Geometry {
	w, h := 0.00006+0.0001*r.Float64(), 0.00005+0.0001*r.Float64()
	x, y := at[0], at[1]
	return orb.Polygon{{{x, y}, {x + w, y}, {x + w, y + h*0.6}, {x + w*0.6, y + h*0.6}, {x + w*0.6, y + h}, {x, y + h},
		{x, y}}}
}

func BenchmarkDraw(b *testing.B) {
	for _, c := range benchCases() {
		b.Run(fmt.Sprintf("%s/%d", c.kind, c.n), func(b *testing.B) {
			source := []*index.Collection{collect(b, tilestest.Layer(c.kind), benchThings(c.n, c.make))}
			var d Drawer
			b.ReportAllocs()
			size := 0
			for b.Loop() {
				body, _, err := d.Draw(tilestest.Tile(), source, Options{})
				if err != nil {
					b.Fatal(err)
				}
				size = len(body)
			}
			b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N)/float64(c.n), "ns/feature")
			b.ReportMetric(float64(size), "B/tile")
		})
	}
}

// BenchmarkOrb encodes the same layers with orb/encoding/mvt.
func BenchmarkOrb(b *testing.B) {
	for _, c := range benchCases() {
		b.Run(fmt.Sprintf("%s/%d", c.kind, c.n), func(b *testing.B) {
			things := benchThings(c.n, c.make)
			b.ReportAllocs()
			for b.Loop() {
				fc := geojson.NewFeatureCollection()
				slices.SortFunc(things, func(a, b thing) int { return int(a.id - b.id) })
				for _, t := range things {
					f := geojson.NewFeature(orb.Clone(t.geometry))
					f.ID, f.Properties = t.id, geojson.Properties{"kind": t.kind, "size": t.size}
					fc.Append(f)
				}
				layer := mvt.NewLayer("things", fc)
				layer.Version = 2
				layer.ProjectToTile(maptile.New(tilestest.Tile().X, tilestest.Tile().Y,
					maptile.Zoom(tilestest.Tile().Z)))
				layer.Clip(orb.Bound{Min: orb.Point{-64, -64}, Max: orb.Point{4160, 4160}})
				if _, err := mvt.Marshal(mvt.Layers{layer}); err != nil {
					b.Fatal(err)
				}
			}
			b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N)/float64(c.n), "ns/feature")
		})
	}
}

type benchCase struct {
	kind geo.Kind
	n    int
	make func(*rand.Rand, orb.Point) orb.Geometry
}

func benchCases() []benchCase {
	return []benchCase{
		{geo.Point, 18_700, aPoint}, {geo.Point, 300, aPoint}, {geo.Line, 2_000, aStreet}, {geo.Polygon, 6_000, aHouse},
	}
}
