package sample

import (
	"math"

	"github.com/paulmach/orb"
)

// plane maps degrees of EPSG:4326 to metres east and north of an origin, with the
// radii of curvature of the WGS 84 ellipsoid at the origin's latitude. Within 8 km of
// the origin lengths are true to 1 in 1,000.
type plane struct {
	origin orb.Point
	kx, ky float64 // metres per degree
}

func newPlane(origin orb.Point) plane {
	kx, ky := metresPerDegree(origin[1])
	return plane{origin, kx, ky}
}

// metresPerDegree gives the length of a degree of longitude and of latitude.
func metresPerDegree(lat float64) (kx, ky float64) {
	const a, e2 = 6378137.0, 0.00669437999014
	sin, cos := math.Sincos(lat * math.Pi / 180)
	w := 1 - e2*sin*sin
	prime := a / math.Sqrt(w)
	meridian := a * (1 - e2) / (w * math.Sqrt(w))
	return prime * cos * math.Pi / 180, meridian * math.Pi / 180
}

func (p plane) metres(q orb.Point) orb.Point {
	return orb.Point{(q[0] - p.origin[0]) * p.kx, (q[1] - p.origin[1]) * p.ky}
}

func (p plane) degrees(q orb.Point) orb.Point {
	return orb.Point{p.origin[0] + q[0]/p.kx, p.origin[1] + q[1]/p.ky}
}

func (p plane) line(l orb.LineString) orb.LineString {
	out := make(orb.LineString, len(l))
	for i, q := range l {
		out[i] = p.degrees(q)
	}
	return out
}

// polygon closes a ground and turns it into degrees.
func (p plane) polygon(g ground) orb.Polygon {
	ring := make(orb.Ring, 0, len(g)+1)
	for _, q := range g {
		ring = append(ring, p.degrees(q))
	}
	return orb.Polygon{append(ring, ring[0])}
}

// groundLength is the length in metres of a line in degrees, segment by segment at
// its middle latitude: better than 1 in 100,000 for segments of a few kilometres.
func groundLength(l orb.LineString) float64 {
	sum := 0.0
	for i := 1; i < len(l); i++ {
		kx, ky := metresPerDegree((l[i][1] + l[i-1][1]) / 2)
		sum += math.Hypot((l[i][0]-l[i-1][0])*kx, (l[i][1]-l[i-1][1])*ky)
	}
	return sum
}
