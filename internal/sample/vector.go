package sample

import (
	"math"

	"github.com/paulmach/orb"
)

func add(a, b orb.Point) orb.Point             { return orb.Point{a[0] + b[0], a[1] + b[1]} }
func sub(a, b orb.Point) orb.Point             { return orb.Point{a[0] - b[0], a[1] - b[1]} }
func scale(a orb.Point, k float64) orb.Point   { return orb.Point{a[0] * k, a[1] * k} }
func dot(a, b orb.Point) float64               { return a[0]*b[0] + a[1]*b[1] }
func cross(a, b orb.Point) float64             { return a[0]*b[1] - a[1]*b[0] }
func norm(a orb.Point) float64                 { return math.Hypot(a[0], a[1]) }
func distance(a, b orb.Point) float64          { return norm(sub(a, b)) }
func left(a orb.Point) orb.Point               { return orb.Point{-a[1], a[0]} }
func lerp(a, b orb.Point, t float64) orb.Point { return add(a, scale(sub(b, a), t)) }

// unit is a at length one, or zero if a is zero.
func unit(a orb.Point) orb.Point {
	n := norm(a)
	if n == 0 {
		return a
	}
	return scale(a, 1/n)
}

func turn(a orb.Point, radians float64) orb.Point {
	sin, cos := math.Sincos(radians)
	return orb.Point{a[0]*cos - a[1]*sin, a[0]*sin + a[1]*cos}
}

// nearestOn is the place on the segment ab nearest to p, as a fraction of it, and the distance.
func nearestOn(p, a, b orb.Point) (t, d float64) {
	ab := sub(b, a)
	if n := dot(ab, ab); n > 0 {
		t = min(1, max(0, dot(sub(p, a), ab)/n))
	}
	return t, distance(p, lerp(a, b, t))
}

// meet is where ab and cd cross, as fractions of each in [0, 1).
func meet(a, b, c, d orb.Point) (t, u float64, ok bool) {
	r, s := sub(b, a), sub(d, c)
	den := cross(r, s)
	if den == 0 {
		return 0, 0, false
	}
	ac := sub(c, a)
	t, u = cross(ac, s)/den, cross(ac, r)/den
	return t, u, t >= 0 && t < 1 && u >= 0 && u < 1
}
