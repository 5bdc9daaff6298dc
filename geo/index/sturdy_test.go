package index

import (
	"math"
	"math/rand/v2"
	"slices"
	"testing"
	"time"

	"yizhan/geo"
)

// rounded is a ring in units of the tiles of a zoom, as drawing rounds it.
func rounded(ring []geo.Position, z uint8) [][2]int64 {
	down := 20 - z
	half := int64(1) << down / 2
	var out [][2]int64
	for _, p := range ring {
		out = append(out, [2]int64{(int64(p.X()) + half) >> down, (int64(p.Y()) + half) >> down})
	}
	return out
}

// meets reports whether a ring repeats a vertex, or two sides that are not neighbours
// share a place.
func meets(ring [][2]int64) bool {
	turn := func(a, b, c [2]int64) int64 {
		t := (b[0]-a[0])*(c[1]-b[1]) - (b[1]-a[1])*(c[0]-b[0])
		return min(max(t, -1), 1)
	}
	between := func(a, b, p [2]int64) bool {
		return turn(a, b, p) == 0 && min(a[0], b[0]) <= p[0] && p[0] <= max(a[0], b[0]) && min(a[1], b[1]) <= p[1] &&
			p[1] <= max(a[1], b[1])
	}
	n := len(ring)
	for i := range ring {
		a, b := ring[i], ring[(i+1)%n]
		if a == b {
			return true
		}
		for k := 2; k < n-1; k++ {
			c, d := ring[(i+k)%n], ring[(i+k+1)%n]
			if turn(a, b, c)*turn(a, b, d) < 0 && turn(c, d, a)*turn(c, d, b) < 0 || between(a, b, c) ||
				between(a, b, d) || between(c, d, a) || between(c, d, b) {
				return true
			}
		}
		if next := ring[(i+2)%n]; between(a, b, next) || between(b, next, a) { // a spike
			return true
		}
	}
	return false
}

// A ring that is called sturdy at a zoom is drawn without another look, so that it must
// be simple and run clockwise however it lies on the grid.
func TestASturdyRingKeepsItsFormWhenItIsRounded(t *testing.T) {
	seed := uint64(time.Now().UnixNano())
	t.Logf("seed %d", seed)
	r := rand.New(rand.NewPCG(seed, 0))
	sturdy, broken := 0, 0
	for range 20000 {
		n, size := 3+r.IntN(8), math.Exp2(3+7*r.Float64())
		x, y := 1<<31+r.Float64()*1e6, 1<<30+r.Float64()*1e6
		var ring []geo.Position
		around := r.Float64()
		for i := range n { // a star; with jitter of the order of the corners it may cross itself
			angle := 2 * math.Pi * (around + (float64(i)+1.6*r.Float64())/float64(n))
			far := size * (0.1 + r.Float64())
			ring = append(ring, geo.At(uint32(x+far*math.Cos(angle)), uint32(y+far*math.Sin(angle))))
		}
		ring = slices.Compact(ring)
		if len(ring) < 3 || ring[0] == ring[len(ring)-1] {
			continue
		}
		from := sturdyFrom(ring, make([]uint8, len(ring)))
		for range 16 { // at other places on the grid
			east, south := r.Uint32N(1<<12), r.Uint32N(1<<12)
			for i, p := range ring {
				ring[i] = geo.At(p.X()+east, p.Y()+south)
			}
			for z := max(from, 4) - 4; z <= min(from, 20); z++ {
				at := rounded(ring, z)
				if meets(at) || (ringArea(ring) > 0) != (area2(at) > 0) {
					broken++
					if z == from {
						t.Fatalf("%v is called sturdy from zoom %d, and is %v", ring, from, at)
					}
				} else if z == from {
					sturdy++
				}
			}
		}
	}
	if sturdy < 1000 || broken < 1000 {
		t.Errorf("%d sturdy and %d broken rings: the test looks at too few", sturdy, broken)
	}
}

func area2(ring [][2]int64) (twice int64) {
	for i, a := range ring {
		b := ring[(i+1)%len(ring)]
		twice += a[0]*b[1] - b[0]*a[1]
	}
	return twice
}

func TestWhatIsNoSingleSmallRingIsNeverSturdy(t *testing.T) {
	square := func(x, y, side uint32) []geo.Position {
		return []geo.Position{geo.At(x, y), geo.At(x+side, y), geo.At(x+side, y+side), geo.At(x, y+side)}
	}
	bow := []geo.Position{geo.At(0, 0), geo.At(1000, 1000), geo.At(1000, 0), geo.At(0, 1000)}
	many := make([]geo.Position, 0, 40)
	for i := range 40 {
		angle := 2 * math.Pi * float64(i) / 40
		many = append(many, geo.At(uint32(1e6+1e5*math.Cos(angle)), uint32(1e6+1e5*math.Sin(angle))))
	}
	for _, c := range []struct {
		name string
		ring []geo.Position
		want uint8
	}{
		{"a square of 64 world units, whose side is more than a diagonal from zoom 15 on", square(5000, 5000, 64), 15},
		{"a bow", bow, neverSturdy},
		{"forty corners", many, neverSturdy},
		{"a line there and back", []geo.Position{geo.At(0, 0), geo.At(100, 0), geo.At(200, 0)}, neverSturdy},
	} {
		if got := sturdyFrom(c.ring, make([]uint8, len(c.ring))); got != c.want {
			t.Errorf("%s: from %d, want %d", c.name, got, c.want)
		}
	}
	levels := []uint8{0, 3, 17, neverNeeded}
	if got := sturdyFrom(square(5000, 5000, 64), levels); got < 17 {
		t.Errorf("a ring with a corner that comes in at zoom 17 is sturdy from %d", got)
	}
}
