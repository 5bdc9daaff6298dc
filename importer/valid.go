package importer

import (
	"math"

	"yizhan/geo"
	"yizhan/importer/format"
)

// mostCertified is how many vertices a ring may have to be judged here: every edge is
// compared with every other.
const mostCertified = 64

// certified reports whether a polygon of one part and one ring is valid beyond doubt
// (OGC 06-103r4, 6.1.11.1): its edges neither cross nor touch but where one follows
// the other. Signs of areas are certain or not used, by the error bound of
// J. R. Shewchuk (Adaptive Precision Floating-Point Arithmetic, 1997, ccwerrboundA).
// What is not certified may be valid all the same; PostGIS judges it.
func certified(s *format.Shape) bool {
	if s.Kind != geo.Polygon || len(s.Parts) != 1 || len(s.Ends) != 1 {
		return s.Kind != geo.Polygon
	}
	n := s.Vertices() - 1 // edges; the last vertex is the first
	if n < 3 || n > mostCertified {
		return false
	}
	xy := s.Coordinates
	for i := range n {
		a, b := xy[2*i:2*i+2], xy[2*i+2:2*i+4]
		if next := (i + 2) % n; turn(a, b, xy[2*next:2*next+2]) == 0 {
			return false // straight on, back, or a vertex twice
		}
		for j := i + 2; j < n; j++ {
			if i == 0 && j == n-1 {
				continue // the last edge ends where the first begins
			}
			if !apart(a, b, xy[2*j:2*j+2], xy[2*j+2:2*j+4]) {
				return false
			}
		}
	}
	return true
}

// apart reports whether two edges certainly have no point in common: the ends of one
// lie on one side of the other, or their boxes apart.
func apart(a, b, c, d []float64) bool {
	if math.Max(a[0], b[0]) < math.Min(c[0], d[0]) || math.Max(c[0], d[0]) < math.Min(a[0], b[0]) ||
		math.Max(a[1], b[1]) < math.Min(c[1], d[1]) || math.Max(c[1], d[1]) < math.Min(a[1], b[1]) {
		return true
	}
	return turn(a, b, c)*turn(a, b, d) > 0 || turn(c, d, a)*turn(c, d, b) > 0
}

// turn is the side of the line from a to b on which c lies, 1 left and -1 right; 0 when
// that is not certain.
func turn(a, b, c []float64) int {
	left, right := (a[0]-c[0])*(b[1]-c[1]), (a[1]-c[1])*(b[0]-c[0])
	area, bound := left-right, 3.3306690738754716e-16*(math.Abs(left)+math.Abs(right))
	switch {
	case area > bound:
		return 1
	case area < -bound:
		return -1
	}
	return 0
}
