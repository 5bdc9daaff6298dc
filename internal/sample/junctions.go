package sample

import (
	"math"

	"github.com/paulmach/orb"
)

// junctionGrid finds points by place, in squares of 100 m.
type junctionGrid map[[2]int][]orb.Point

func square(p orb.Point) [2]int {
	return [2]int{int(math.Floor(p[0] / 100)), int(math.Floor(p[1] / 100))}
}

func (g *junctionGrid) add(p orb.Point) {
	if *g == nil {
		*g = junctionGrid{}
	}
	(*g)[square(p)] = append((*g)[square(p)], p)
}

// near is the nearest point within radius (at most 100 m) that will do.
func (g junctionGrid) near(p orb.Point, radius float64, fits func(orb.Point) bool) (orb.Point, bool) {
	best, found := orb.Point{}, false
	home := square(p)
	for dx := -1; dx <= 1; dx++ {
		for dy := -1; dy <= 1; dy++ {
			for _, q := range g[[2]int{home[0] + dx, home[1] + dy}] {
				if d := distance(p, q); d < radius && fits(q) {
					best, radius, found = q, d, true
				}
			}
		}
	}
	return best, found
}

// joinStreets makes one street of those that run on from each other across a junction
// with less than a slight turn, each class for itself; main roads are whole already.
func joinStreets(streets []*street) []*street {
	type end struct {
		street *street
		last   bool
	}
	var order []orb.Point
	ends := map[orb.Point][]end{}
	for _, s := range streets {
		if s.class == "arterial" {
			continue
		}
		for i, p := range []orb.Point{s.line[0], s.line[len(s.line)-1]} {
			if len(ends[p]) == 0 {
				order = append(order, p)
			}
			ends[p] = append(ends[p], end{s, i == 1})
		}
	}
	into := map[*street]*street{} // where a street went
	home := func(s *street) *street {
		for into[s] != nil {
			s = into[s]
		}
		return s
	}
	for _, p := range order {
		for i, a := range ends[p] {
			for _, b := range ends[p][i+1:] {
				one, two := home(a.street), home(b.street)
				if one == two || one.class != two.class || !runsOn(one.line, two.line, p) {
					continue
				}
				one.line = joined(one.line, two.line, p)
				into[two] = one
			}
		}
	}
	var out []*street
	for _, s := range streets {
		if into[s] == nil {
			out = append(out, s)
		}
	}
	return out
}

// leaving is the direction in which a line leaves its end p, and whether p is an end.
func leaving(l orb.LineString, p orb.Point) (orb.Point, bool) {
	switch p {
	case l[0]:
		return unit(sub(l[1], p)), true
	case l[len(l)-1]:
		return unit(sub(l[len(l)-2], p)), true
	}
	return orb.Point{}, false
}

func runsOn(a, b orb.LineString, p orb.Point) bool {
	u, okU := leaving(a, p)
	v, okV := leaving(b, p)
	return okU && okV && dot(u, v) < -0.9
}

func joined(a, b orb.LineString, p orb.Point) orb.LineString {
	if a[0] == p {
		reverse(a)
	}
	if b[0] != p {
		reverse(b)
	}
	return append(a, b[1:]...)
}
