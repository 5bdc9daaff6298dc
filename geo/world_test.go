package geo

import (
	"errors"
	"math"
	"math/rand/v2"
	"testing"

	"github.com/paulmach/orb"
	"github.com/paulmach/orb/maptile"
	"pgregory.net/rapid"
)

func TestProjectFindsThePlacesThatEverybodyKnows(t *testing.T) {
	for _, c := range []struct {
		name     string
		lon, lat float64
		x, y     uint32
	}{
		{"the middle", 0, 0, 1 << 31, 1 << 31},
		{"the north-west corner", -180, 85.05112877980659, 0, 0},
		{"the south-east corner", 180, -85.05112877980659, math.MaxUint32, math.MaxUint32},
		{"the poles lie on the edge", 0, 90, 1 << 31, 0},
		{"and the other one", 0, -90, 1 << 31, math.MaxUint32},
		{"a quarter east", 90, 0, 3 << 30, 1 << 31},
	} {
		p, err := Project(c.lon, c.lat)
		if err != nil || p != At(c.x, c.y) {
			t.Errorf("%s: %d %d, %v", c.name, p.X(), p.Y(), err)
		}
	}
}

func TestProjectRefusesWhatIsNowhere(t *testing.T) {
	for _, c := range [][2]float64{
		{math.NaN(), 0}, {0, math.NaN()}, {math.Inf(1), 0}, {0, math.Inf(-1)}, {180.0001, 0}, {0, 90.0001}, {-1e300, 0},
		{499000, 3650000},
	} {
		if _, err := Project(c[0], c[1]); !errors.Is(err, ErrInvalid) {
			t.Errorf("%v: %v", c, err)
		}
	}
}

func TestProjectingThereAndBackIsWithinACentimetre(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		lon, lat := rapid.Float64Range(-180, 180).Draw(t, "lon"), rapid.Float64Range(-85, 85).Draw(t, "lat")
		p, err := Project(lon, lat)
		if err != nil {
			t.Fatal(err)
		}
		const centimetre = 0.01 / 111_320
		back := p.Point()
		if math.Abs(back[0]-lon) > centimetre || math.Abs(back[1]-lat) > centimetre {
			t.Fatalf("%v %v came back as %v", lon, lat, back)
		}
		for _, z := range []uint8{0, 5, 14, 20} {
			theirs := maptile.At(orb.Point{lon, lat}, maptile.Zoom(z))
			ours := Tile{Z: z, X: uint32(uint64(p.X()) >> (32 - z)), Y: uint32(uint64(p.Y()) >> (32 - z))}
			if !ours.Window().Holds(p) || max(ours.X, theirs.X)-min(ours.X, theirs.X) > 1 {
				t.Fatalf("%v lies in %v, not %v", back, theirs, ours)
			}
		}
	})
}

func TestWindowsEndAtTheEdgeOfTheWorld(t *testing.T) {
	whole := Extent{0, 0, math.MaxUint32, math.MaxUint32}
	for z := range uint8(MaxZoom + 1) {
		last := uint32(1)<<z - 1
		for _, at := range []Tile{{Z: z}, {Z: z, X: last, Y: last}} {
			if w := at.Window(); !w.Contains(at.Extent()) || !whole.Contains(w) || w.MaxX < w.MinX || w.MaxY < w.MinY {
				t.Errorf("%s shows %v", at, w)
			}
		}
	}
	if got := (Tile{}).Window(); got != whole {
		t.Errorf("the world is %v", got)
	}
}

func TestMergedExtentsCoverAllAndAreFew(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		r := rand.New(rand.NewPCG(rapid.Uint64().Draw(t, "seed"), 0))
		n := rapid.IntRange(1, 40).Draw(t, "n")
		var extents []Extent
		for range rapid.IntRange(0, 500).Draw(t, "extents") {
			x, y := r.Uint32N(1<<31), 1<<30+r.Uint32N(1<<30)
			extents = append(extents, Extent{x, y, x + r.Uint32N(1<<20), y + r.Uint32N(1<<20)})
		}
		merged := MergeExtents(extents, n)
		if len(merged) > n || len(merged) == 0 && len(extents) > 0 {
			t.Fatalf("%d boxes of %d, at most %d asked for", len(merged), len(extents), n)
		}
		set := NewExtentSet(extents)
		for _, e := range extents {
			covered := false
			for _, b := range merged {
				covered = covered || b.Union(e) == b
			}
			if !covered || !set.Touches(e.Center().Extent()) {
				t.Fatalf("%v is not covered", e)
			}
		}
		r.Shuffle(len(extents), func(i, j int) { extents[i], extents[j] = extents[j], extents[i] })
		for i, b := range MergeExtents(extents, n) {
			if b != merged[i] {
				t.Fatal("another order gives other boxes")
			}
		}
		x, y := r.Uint32N(1<<31), r.Uint32()
		box, touched := Extent{x, y, x + 1<<24, max(y, y+1<<24)}, false
		for _, e := range extents {
			touched = touched || e.Intersects(box)
		}
		if len(extents) > 0 && set.Touches(box) != touched {
			t.Fatalf("the set says %v of %v", !touched, box)
		}
	})
}
