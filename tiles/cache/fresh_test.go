package cache_test

import (
	"bytes"
	"context"
	"fmt"
	"math/rand/v2"
	"testing"

	"yizhan/tiles/tilestest"

	"github.com/paulmach/orb"
	"github.com/paulmach/orb/encoding/ewkb"
	"pgregory.net/rapid"

	"yizhan/geo"
	"yizhan/geo/index"
	"yizhan/tiles"
	"yizhan/tiles/cache"
)

// lateLayer has a field that comes in at zoom 16, and a facet that does at 14.
func lateLayer(kind geo.Kind) *geo.Layer {
	layer := tilestest.Layer(kind)
	early, late := 14, 16
	layer.PointZoom, layer.Facet = 13, "kind"
	layer.Fields[0].MinZoom, layer.Fields[1].MinZoom = &early, &late
	layer.Fields[0].Categories = []geo.Category{{Value: "n0"}, {Value: "n1"}}
	return layer
}

// After any edit the tiles whose bytes differ are all among those dropped, in
// every view and datum, and without a view no tile is dropped that does not hold
// the ground of a feature edited at a zoom where the edit shows.
func TestAnEditDropsEveryTileItChangesAndNoOther(t *testing.T) {
	for _, kind := range []geo.Kind{geo.Point, geo.Line, geo.Polygon} {
		t.Run(string(kind), func(t *testing.T) {
			rapid.Check(t, func(t *rapid.T) { checkDrops(t, kind) })
		})
	}
}

func checkDrops(t *rapid.T, kind geo.Kind) {
	r := rand.New(rand.NewPCG(rapid.Uint64().Draw(t, "seed"), 1))
	before := tilestest.Built(t, lateLayer(kind), tilestest.Scattered(r, kind, 150))
	e := before.Edit()
	for range rapid.IntRange(1, 3).Draw(t, "edits") {
		editAny(t, e, r, before, kind)
	}
	after, touches := e.Commit()
	views := []struct {
		view tiles.View
		o    tiles.Options
	}{
		{tiles.Of("things"), tiles.Options{}},
		{tiles.View{Layers: "things", Columns: tiles.Columns{Chosen: true, Names: "size"}},
			tiles.Options{Columns: []string{"size"}}},
		{tiles.View{Layers: "things", Filter: "size < 75"},
			tiles.Options{Filters: map[geo.LayerName]tiles.Filter{"things": small{75, after.Values()}}}},
		{tiles.View{Layers: "things", Datum: geo.GCJ02}, tiles.Options{Datum: geo.GCJ02}},
		{tiles.View{Layers: "things", Datum: geo.BD09, Columns: tiles.Columns{Chosen: true, Names: "kind"}},
			tiles.Options{Datum: geo.BD09, Columns: []string{"kind"}}},
		{tiles.Of("things"), tiles.Options{Points: 9, Features: 9}},
	}
	shown := views[rapid.IntRange(0, len(views)-1).Draw(t, "view")]
	held := cache.New(1 << 30)
	was := map[geo.Tile][]byte{}
	for _, z := range []uint8{3, 8, 10, 12, 13, 14, 15, 16, 18} {
		for _, at := range shownAround(z, shown.o.Datum) {
			was[at] = drawn(t, before, at, shown.o)
			if _, err := held.Fill(context.Background(), cache.Key{View: shown.view, Tile: at}, cache.Identity,
				keeping(was[at])); err != nil {
				t.Fatal(err)
			}
		}
	}
	held.Drop("things", touches)
	for at, body := range was {
		dropped := !held.Has(cache.Key{View: shown.view, Tile: at})
		if !bytes.Equal(body, drawn(t, after, at, shown.o)) && !dropped {
			t.Fatalf("%s of %s differs and is not dropped by %+v", at, shown.view, touches)
		}
		if dropped && shown.view.Usual() && !touchesSome(touches, at) {
			t.Fatalf("%s is dropped and holds nothing of %+v", at, touches)
		}
	}
}

func drawn(t *rapid.T, c *index.Collection, at geo.Tile, o tiles.Options) []byte {
	body, _, err := tiles.Draw(at, []*index.Collection{c}, o)
	if err != nil {
		t.Fatal(err)
	}
	return body
}

func keeping(body []byte) cache.Draft {
	return func(context.Context) ([]byte, string, error) { return body, "", nil }
}

// editAny moves, changes, removes or adds a feature.
func editAny(t *rapid.T, e *index.Edit, r *rand.Rand, c *index.Collection, kind geo.Kind) {
	id := rapid.Int64Range(0, 160).Draw(t, "id")
	if rapid.IntRange(0, 4).Draw(t, "remove") == 0 {
		e.Remove(id)
		return
	}
	var g orb.Geometry
	c.Each(func(other int64, at orb.Geometry, _ []any) bool {
		if other == id {
			g = at
		}
		return other != id
	})
	if g == nil || rapid.Bool().Draw(t, "move") {
		g = tilestest.Scattered(r, kind, 1)[0]
	}
	wkb, err := ewkb.Marshal(g, 4326)
	if err != nil {
		t.Fatal(err)
	}
	d := e.Dictionary()
	name, size := rapid.IntRange(0, 3).Draw(t, "kind"), id
	if rapid.Bool().Draw(t, "rename only") {
		size = id + 1000
	}
	if err := e.Upsert(id, wkb, []index.Ref{d.Text(fmt.Appendf(nil, "n%d", name)), d.Int(size)}); err != nil {
		t.Fatal(err)
	}
}

// small lets through what is smaller than a size.
type small struct {
	than   int64
	values *index.Values
}

func (s small) Holds(row []index.Ref) bool { return s.values.Int(row[1]) < s.than }

func touchesSome(touches []index.Touch, at geo.Tile) bool {
	for _, t := range touches {
		if at.Z >= t.From && (t.Intersects(at.Extent()) || at.Z >= t.Beyond && t.Intersects(at.Window())) {
			return true
		}
	}
	return false
}

// shownAround is the tiles around the benchmark tile as a datum shows it.
func shownAround(z uint8, d geo.Datum) []geo.Tile {
	center := d.Shift(tilestest.Tile().Extent().Center())
	x, y := center.X()>>(32-z), center.Y()>>(32-z)
	var all []geo.Tile
	for i := range uint32(9) {
		if column, row := x+i%3-1, y+i/3-1; column < 1<<z && row < 1<<z {
			all = append(all, geo.Tile{Z: z, X: column, Y: row})
		}
	}
	return all
}
