package sample

import (
	"math"

	"github.com/paulmach/orb"
)

// lineLength is the length of a line in the plane.
func lineLength(l orb.LineString) float64 {
	sum := 0.0
	for i := 1; i < len(l); i++ {
		sum += distance(l[i-1], l[i])
	}
	return sum
}

// along is the point s metres from the start of a line and its direction there.
func along(l orb.LineString, s float64) (at, direction orb.Point) {
	for i := 1; i < len(l); i++ {
		d := distance(l[i-1], l[i])
		if (s <= d || i == len(l)-1) && d > 0 {
			return lerp(l[i-1], l[i], s/d), unit(sub(l[i], l[i-1]))
		}
		s -= d
	}
	return l[len(l)-1], unit(sub(l[len(l)-1], l[0]))
}

// part is the piece of a line from s to e metres, its vertices kept.
func part(l orb.LineString, s, e float64) orb.LineString {
	first, _ := along(l, s)
	last, _ := along(l, e)
	out := orb.LineString{first}
	at := 0.0
	for i := 1; i < len(l)-1; i++ {
		at += distance(l[i-1], l[i])
		if at > s+0.01 && at < e-0.01 {
			out = append(out, l[i])
		}
	}
	return append(out, last)
}

// offset shifts a line sideways, to the left for d > 0. Corners are mitred, no more
// than three times the distance out.
func offset(l orb.LineString, d float64) orb.LineString {
	out := make(orb.LineString, len(l))
	for i := range l {
		before, after := sub(l[min(i+1, len(l)-1)], l[i]), sub(l[i], l[max(i-1, 0)])
		if i == 0 {
			after = before
		}
		if i == len(l)-1 {
			before = after
		}
		a, b := left(unit(before)), left(unit(after))
		m := unit(add(a, b))
		out[i] = add(l[i], scale(m, d/max(1.0/3, dot(m, a))))
	}
	return out
}

// nearest is the chainage of the point of a line nearest to p, and how far it is.
func nearest(l orb.LineString, p orb.Point) (s, d float64) {
	d = math.Inf(1)
	at := 0.0
	for i := 1; i < len(l); i++ {
		t, away := nearestOn(p, l[i-1], l[i])
		step := distance(l[i-1], l[i])
		if away < d {
			s, d = at+t*step, away
		}
		at += step
	}
	return s, d
}

// smooth runs a Catmull-Rom spline through the points, with a vertex about every step metres.
func smooth(points orb.LineString, step float64) orb.LineString {
	closed := points[0] == points[len(points)-1]
	pick := func(i int) orb.Point {
		if closed {
			n := len(points) - 1
			return points[((i%n)+n)%n]
		}
		if i < 0 {
			return sub(scale(points[0], 2), points[1])
		}
		if i >= len(points) {
			return sub(scale(points[len(points)-1], 2), points[len(points)-2])
		}
		return points[i]
	}
	out := orb.LineString{points[0]}
	for i := 0; i+1 < len(points); i++ {
		a, b, c, d := pick(i-1), pick(i), pick(i+1), pick(i+2)
		n := max(1, int(math.Round(distance(b, c)/step)))
		for k := 1; k < n; k++ {
			out = append(out, spline(a, b, c, d, float64(k)/float64(n)))
		}
		out = append(out, points[i+1])
	}
	return out
}

func spline(a, b, c, d orb.Point, t float64) orb.Point {
	var out orb.Point
	for k := range out {
		out[k] = b[k] + t/2*(c[k]-a[k]+t*(2*a[k]-5*b[k]+4*c[k]-d[k]+t*(3*(b[k]-c[k])+d[k]-a[k])))
	}
	return out
}

// rough is a line from a to b made by midpoint displacement: no segment is longer than
// finest, and limit says how far, at most, a middle may be moved given its place and
// the length of its segment.
func rough(a, b orb.Point, finest float64, d dice, limit func(middle orb.Point,
	length float64) float64) orb.LineString {
	var halve func(a, b orb.Point, out orb.LineString) orb.LineString
	halve = func(a, b orb.Point, out orb.LineString) orb.LineString {
		length := distance(a, b)
		if length <= finest {
			return append(out, b)
		}
		m := lerp(a, b, d.between(0.42, 0.58))
		m = add(m, scale(left(unit(sub(b, a))), d.between(-1, 1)*limit(m, length)))
		return halve(m, b, halve(a, m, out))
	}
	return halve(a, b, orb.LineString{a})
}
