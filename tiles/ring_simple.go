package tiles

import (
	"cmp"
	"slices"
)

// fewSegments is up to how many segments each is compared with all others.
const fewSegments = 24

// simple reports whether the ring, without repeated vertices and spikes, neither
// crosses nor touches itself (MVT 2.1, 4.3.4.4).
func (g *geometry) simple(ring []vertex) bool {
	_, _, meet := g.meeting(ring, touch)
	return !meet
}

// meeting finds two segments of a ring, by their first vertices, that are not
// neighbours and that meet.
func (g *geometry) meeting(ring []vertex, meets func(a, b, c, d vertex) bool) (i, j int, meet bool) {
	n := len(ring)
	if n <= 3 {
		return 0, 0, false
	}
	if n > fewSegments {
		return g.sweep(ring, meets)
	}
	for i := range n - 2 {
		a, b := ring[i], ring[i+1]
		for j := i + 2; j < n; j++ {
			if i == 0 && j == n-1 {
				continue
			}
			if c, d := ring[j], ring[(j+1)%n]; meets(a, b, c, d) {
				return i, j, true
			}
		}
	}
	return 0, 0, false
}

// sweep is meeting for many segments: only those whose columns overlap are compared.
func (g *geometry) sweep(ring []vertex, meets func(a, b, c, d vertex) bool) (i, j int, meet bool) {
	n := len(ring)
	g.west = g.west[:0]
	for i := range n {
		g.west = append(g.west, i)
	}
	from := func(i int) int64 { return min(ring[i].x, ring[(i+1)%n].x) }
	slices.SortFunc(g.west, func(i, j int) int { return cmp.Or(cmp.Compare(from(i), from(j)), cmp.Compare(i, j)) })
	for k, i := range g.west {
		a, b := ring[i], ring[(i+1)%n]
		east := max(a.x, b.x)
		for _, j := range g.west[k+1:] {
			if from(j) > east {
				break
			}
			if j == (i+1)%n || i == (j+1)%n {
				continue
			}
			if meets(a, b, ring[j], ring[(j+1)%n]) {
				return min(i, j), max(i, j), true
			}
		}
	}
	return 0, 0, false
}

// touch reports whether the segments share a point.
func touch(a, b, c, d vertex) bool {
	if max(a.x, b.x) < min(c.x, d.x) || max(c.x, d.x) < min(a.x, b.x) || max(a.y, b.y) < min(c.y, d.y) ||
		max(c.y, d.y) < min(a.y, b.y) {
		return false
	}
	c1, d1 := turn(a, b, c), turn(a, b, d)
	if c1 > 0 && d1 > 0 || c1 < 0 && d1 < 0 {
		return false
	}
	a1, b1 := turn(c, d, a), turn(c, d, b)
	return !(a1 > 0 && b1 > 0 || a1 < 0 && b1 < 0)
}

// shares reports whether two rings cross, or share more than one point: then the
// one cannot be a hole in the other.
func shares(a, b []vertex) bool {
	var at vertex
	met := false
	for i := range a {
		p, q := a[i], a[(i+1)%len(a)]
		for j := range b {
			r, s := b[j], b[(j+1)%len(b)]
			if !touch(p, q, r, s) {
				continue
			}
			place, single := common(p, q, r, s)
			if !single || met && place != at {
				return true
			}
			met, at = true, place
		}
	}
	return false
}

// common is the one vertex that two touching segments share, if it is just that.
func common(p, q, r, s vertex) (vertex, bool) {
	if turn(p, q, r) == 0 && turn(p, q, s) == 0 { // in line: an end may be shared, more may not
		for _, ends := range [4][2]vertex{{p, r}, {p, s}, {q, r}, {q, s}} {
			if ends[0] == ends[1] && max(min(p.x, q.x), min(r.x, s.x)) == min(max(p.x, q.x), max(r.x, s.x)) &&
				max(min(p.y, q.y), min(r.y, s.y)) == min(max(p.y, q.y), max(r.y, s.y)) {
				return ends[0], true
			}
		}
		return vertex{}, false
	}
	for _, v := range [2]vertex{r, s} {
		if turn(p, q, v) == 0 {
			return v, true
		}
	}
	for _, v := range [2]vertex{p, q} {
		if turn(r, s, v) == 0 {
			return v, true
		}
	}
	return vertex{}, false // they cross
}
