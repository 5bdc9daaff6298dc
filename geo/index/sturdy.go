package index

import (
	"math"

	"yizhan/geo"
)

// Rounding to the units of a tile moves a vertex by at most half a unit each way, so
// two places come nearer by at most the diagonal of a unit. Where no vertex of a ring
// is that near to a side that it does not belong to, rounding changes neither the form
// of the ring nor its direction, and nobody has to look at it again when it is drawn.
const (
	mostSturdy  = 16      // vertices of a ring that is looked at: the work grows with the square
	widthSturdy = 1 << 24 // world units; so far products of differences are exact
	neverSturdy = math.MaxUint8
)

// Sturdy reports whether the shape is one ring that rounding leaves as it is at a zoom,
// with all its vertices.
func (s *Shape) Sturdy(zoom uint8) bool { return zoom >= s.sturdy }

// sturdyFrom is the first zoom from which a ring with its vertices' levels is sturdy.
func sturdyFrom(line []geo.Position, levels []uint8) uint8 {
	var ring [mostSturdy]geo.Position
	n, from := 0, uint8(0)
	for i, at := range line {
		if levels[i] == neverNeeded {
			continue
		}
		if n == mostSturdy {
			return neverSturdy
		}
		ring[n] = at
		n++
		from = max(from, levels[i])
	}
	if n < 3 {
		return neverSturdy
	}
	squared := clearance(ring[:n])
	if squared <= 0 {
		return neverSturdy
	}
	// A unit is 2^(20-z) world units, and its diagonal squared 2^(41-2z).
	z := (42 - exponentBelow(squared)) >> 1
	return max(from, uint8(min(max(z, 0), neverSturdy)))
}

// clearance is the square of the least distance between a vertex of a ring and a side
// that it does not belong to, in world units; 0 where sides cross.
func clearance(ring []geo.Position) float64 {
	n := len(ring)
	least := math.Inf(1)
	for i, a := range ring {
		b := ring[(i+1)%n]
		for k := 2; k < n; k++ {
			c := ring[(i+k)%n]
			least = min(least, squaredDistance(c, a, b))
			if k < n-1 && cross(a, b, c, ring[(i+k+1)%n]) {
				return 0
			}
		}
	}
	return least
}

// squaredDistance is the square of the distance between a place and a side.
func squaredDistance(p, a, b geo.Position) float64 {
	dx, dy := away(a, b)
	px, py := away(a, p)
	if length := dx*dx + dy*dy; length > 0 {
		t := min(max((px*dx+py*dy)/length, 0), 1)
		px, py = px-t*dx, py-t*dy
	}
	return px*px + py*py
}

// away is how far one place lies east and south of another.
func away(from, to geo.Position) (x, y float64) {
	return float64(int64(to.X()) - int64(from.X())), float64(int64(to.Y()) - int64(from.Y()))
}

// cross reports whether two sides cross within both.
func cross(a, b, c, d geo.Position) bool {
	return bend(a, b, c)*bend(a, b, d) < 0 && bend(c, d, a)*bend(c, d, b) < 0
}

// bend is positive where a, b, c turn clockwise on the map, negative the other way, by
// twice the area between them.
func bend(a, b, c geo.Position) float64 {
	abx, aby := away(a, b)
	bcx, bcy := away(b, c)
	return abx*bcy - aby*bcx
}
