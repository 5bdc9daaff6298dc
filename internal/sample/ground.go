package sample

import (
	"math"

	"github.com/paulmach/orb"
)

// ground is a simple polygon in the plane: its corners in order, the first not repeated.
type ground []orb.Point

// area is positive for corners in counter-clockwise order.
func (g ground) area() float64 {
	sum := 0.0
	for i, p := range g {
		sum += cross(p, g[(i+1)%len(g)])
	}
	return sum / 2
}

func (g ground) centre() orb.Point {
	var sum orb.Point
	area := 0.0
	for i, p := range g {
		q := g[(i+1)%len(g)]
		c := cross(sub(p, g[0]), sub(q, g[0]))
		area += c
		sum = add(sum, scale(add(sub(p, g[0]), sub(q, g[0])), c))
	}
	return add(g[0], scale(sum, 1/(3*area)))
}

func (g ground) contains(p orb.Point) bool {
	in := false
	for i, a := range g {
		b := g[(i+1)%len(g)]
		if (a[1] > p[1]) != (b[1] > p[1]) && p[0] < a[0]+(p[1]-a[1])/(b[1]-a[1])*(b[0]-a[0]) {
			in = !in
		}
	}
	return in
}

// edgeDistance is how far p is from the nearest side.
func (g ground) edgeDistance(p orb.Point) float64 {
	least := math.Inf(1)
	for i, a := range g {
		_, d := nearestOn(p, a, g[(i+1)%len(g)])
		least = min(least, d)
	}
	return least
}

func (g ground) bound() orb.Bound {
	return orb.MultiPoint(g).Bound()
}

// inset shrinks a ground by d metres on every side, or gives nil where it is too narrow.
func (g ground) inset(d float64) ground {
	closed := append(orb.LineString{g[len(g)-1]}, g...)
	moved := offset(append(closed, g[0]), d)
	out := ground(moved[1 : len(moved)-1]).tidy(0.5)
	if len(out) < 3 || out.area() < 0.1*g.area() {
		return nil
	}
	for _, p := range out {
		if !g.contains(p) || g.edgeDistance(p) < 0.7*d {
			return nil
		}
	}
	if !out.simple() {
		return nil
	}
	return out
}

// shrunk is a ground drawn smaller around its centre.
func (g ground) shrunk(k float64) ground {
	centre := g.centre()
	out := make(ground, len(g))
	for i, p := range g {
		out[i] = lerp(centre, p, k)
	}
	return out
}

// tidy drops corners nearer than eps to the one before.
func (g ground) tidy(eps float64) ground {
	var out ground
	for _, p := range g {
		if len(out) == 0 || distance(out[len(out)-1], p) > eps {
			out = append(out, p)
		}
	}
	for len(out) > 1 && distance(out[0], out[len(out)-1]) <= eps {
		out = out[:len(out)-1]
	}
	return out
}

// simple reports whether no two sides cross.
func (g ground) simple() bool {
	n := len(g)
	for i := range n {
		for j := i + 2; j < n; j++ {
			if i == 0 && j == n-1 {
				continue
			}
			if _, _, ok := meet(g[i], g[i+1], g[j], g[(j+1)%n]); ok {
				return false
			}
		}
	}
	return true
}

// box is the direction of the long side of the smallest rectangle around a ground that
// is aligned with one of its sides, and the rectangle's extent along and across it.
func (g ground) box() (direction orb.Point, along, across [2]float64) {
	best := math.Inf(1)
	for i, a := range g {
		b := g[(i+1)%len(g)]
		if distance(a, b) < 15 {
			continue
		}
		d := unit(sub(b, a))
		u, v := g.extent(d), g.extent(left(d))
		if area := (u[1] - u[0]) * (v[1] - v[0]); area < best*0.999 {
			best = area
			direction, along, across = d, u, v
		}
	}
	if along[1]-along[0] < across[1]-across[0] {
		return left(direction), across, [2]float64{-along[1], -along[0]}
	}
	return direction, along, across
}

func (g ground) extent(d orb.Point) [2]float64 {
	out := [2]float64{math.Inf(1), math.Inf(-1)}
	for _, p := range g {
		s := dot(p, d)
		out[0], out[1] = min(out[0], s), max(out[1], s)
	}
	return out
}
