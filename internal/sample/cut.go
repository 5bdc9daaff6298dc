package sample

import (
	"cmp"
	"slices"

	"github.com/paulmach/orb"
)

// border is a place on the side of a ground: the point, the side it is on (from corner
// side to the next) and how far along that side, in [0, 1).
type border struct {
	at   orb.Point
	side int
	part float64
}

// crossing is a border that a line crosses, and where on the line: the number of its
// segment plus the fraction of it.
type crossing struct {
	border
	chain float64
}

func (g ground) crossings(l orb.LineString) []crossing {
	var out []crossing
	bound := g.bound()
	for i := 1; i < len(l); i++ {
		if !bound.Intersects(orb.MultiPoint{l[i-1], l[i]}.Bound()) {
			continue
		}
		for k, a := range g {
			if t, u, ok := meet(l[i-1], l[i], a, g[(k+1)%len(g)]); ok {
				out = append(out, crossing{border{lerp(l[i-1], l[i], t), k, u}, float64(i-1) + t})
			}
		}
	}
	slices.SortFunc(out, func(a, b crossing) int { return cmp.Compare(a.chain, b.chain) })
	return out
}

// anyCross reports whether two segments of some lines cross between their ends.
func anyCross(lines []orb.LineString) bool {
	var all [][2]orb.Point // from west to east
	for _, l := range lines {
		for i := 1; i < len(l); i++ {
			a, b := l[i-1], l[i]
			if a[0] > b[0] {
				a, b = b, a
			}
			all = append(all, [2]orb.Point{a, b})
		}
	}
	slices.SortFunc(all, func(a, b [2]orb.Point) int { return cmp.Compare(a[0][0], b[0][0]) })
	for i, a := range all {
		for _, b := range all[i+1:] {
			if b[0][0] > a[1][0] {
				break
			}
			const end = 1e-9
			if t, u, ok := meet(a[0], a[1], b[0], b[1]); ok && t > end && t < 1-end && u > end && u < 1-end {
				return true
			}
		}
	}
	return false
}

// cut divides grounds along a line. Where the line only enters a ground and ends in
// it, the ground stays whole.
func cut(grounds []ground, l orb.LineString) []ground {
	var out []ground
	for _, g := range grounds {
		out = append(out, g.cut(l)...)
	}
	return out
}

func (g ground) cut(l orb.LineString) []ground {
	if l[0] == l[len(l)-1] && g.contains(l[0]) {
		start := slices.IndexFunc(l, func(p orb.Point) bool { return !g.contains(p) })
		if start < 0 {
			return []ground{g}
		}
		l = append(slices.Clone(l[start:]), l[1:start+1]...)
	}
	hits := g.crossings(l)
	for i := 1; i < len(hits); i++ {
		path := between(l, hits[i-1], hits[i])
		if !g.contains(lerp(path[0], path[1], 0.5)) {
			continue
		}
		a, b := g.divide(hits[i-1].border, hits[i].border, path[1:len(path)-1])
		rest := append(orb.LineString{path[len(path)-1]}, l[int(hits[i].chain)+1:]...)
		rest[0] = lerp(rest[0], rest[1], min(1, 0.5/distance(rest[0], rest[1])))
		return append(a.cut(rest), b.cut(rest)...)
	}
	return []ground{g}
}

// between is the piece of a line from one crossing to a later one.
func between(l orb.LineString, a, b crossing) orb.LineString {
	out := orb.LineString{a.at}
	out = append(out, l[int(a.chain)+1:int(b.chain)+1]...)
	return append(out, b.at)
}

// divide cuts a ground in two along a path that runs inside it from one place on its
// border to another; path holds the points between them.
func (g ground) divide(from, to border, path []orb.Point) (right, left ground) {
	right = append(append(ground{from.at}, g.arc(from, to)...), to.at)
	for _, p := range slices.Backward(path) {
		right = append(right, p)
	}
	left = append(append(ground{to.at}, g.arc(to, from)...), from.at)
	left = append(left, path...)
	return right.tidy(1e-6), left.tidy(1e-6)
}

// arc holds the corners met on the way round from one place on the border to another.
func (g ground) arc(from, to border) []orb.Point {
	if from.side == to.side && from.part < to.part {
		return nil
	}
	var out []orb.Point
	for i := from.side; ; {
		i = (i + 1) % len(g)
		out = append(out, g[i])
		if i == to.side {
			return out
		}
	}
}

// place finds the border at p, which must lie on it within a centimetre.
func (g ground) place(p orb.Point) (border, bool) {
	for i, a := range g {
		if t, d := nearestOn(p, a, g[(i+1)%len(g)]); d < 0.01 && t < 1 {
			return border{p, i, t}, true
		}
	}
	return border{}, false
}
