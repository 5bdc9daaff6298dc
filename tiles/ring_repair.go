package tiles

import (
	"math"
	"slices"
)

// mostCrossings bounds the crossings of one ring that are made into vertices.
const mostCrossings = 64

// repair takes apart a ring that crosses or touches itself, as rounding may leave it:
// every place where it meets itself becomes a vertex of both segments, and what lies
// between two visits of a vertex a ring of its own. It keeps those that run as the
// whole did, the largest last, so that holes which follow are of that; loops that run
// the other way are what the rounding has turned over.
func (g *geometry) repair(ring []vertex) [][]vertex {
	positive := area(ring) > 0
	path := slices.Clone(ring)
	for range mostCrossings {
		i, j, meet := g.meeting(path, unsettled)
		if !meet {
			break
		}
		path = met(path, i, j)
	}
	var kept [][]vertex
	for _, loop := range loops(path) {
		loop = openAndClean(loop)
		if twice := area(loop); twice == 0 || (twice > 0) != positive || !g.simple(loop) {
			continue
		}
		kept = append(kept, loop)
	}
	slices.SortStableFunc(kept, func(a, b []vertex) int { return int(clamp(abs(area(a)) - abs(area(b)))) })
	return apart(kept)
}

// unsettled reports whether two segments meet elsewhere than at vertices of both.
func unsettled(a, b, c, d vertex) bool {
	if !touch(a, b, c, d) {
		return false
	}
	place := crossing2(a, b, c, d)
	return place != a && place != b || place != c && place != d
}

// met makes the place where two segments meet a vertex of both.
func met(path []vertex, i, j int) []vertex {
	n := len(path)
	place := crossing2(path[i], path[(i+1)%n], path[j], path[(j+1)%n])
	longer := make([]vertex, 0, n+2)
	for k, v := range path {
		longer = append(longer, v)
		if next := path[(k+1)%n]; (k == i || k == j) && place != v && place != next {
			longer = append(longer, place)
		}
	}
	return longer
}

// crossing2 is the place, rounded, where two segments that touch meet: where an end
// of one lies within the other, that; else an end of both, or where they cross.
func crossing2(a, b, c, d vertex) vertex {
	ends := [4]struct{ from, to, v vertex }{{a, b, c}, {a, b, d}, {c, d, a}, {c, d, b}}
	for _, shared := range [2]bool{false, true} {
		for _, e := range ends {
			if turn(e.from, e.to, e.v) == 0 && within(e.from, e.to, e.v) && (shared || e.v != e.from && e.v != e.to) {
				return e.v
			}
		}
	}
	dx, dy := float64(b.x-a.x), float64(b.y-a.y)
	ex, ey := float64(d.x-c.x), float64(d.y-c.y)
	share := (float64(c.x-a.x)*ey - float64(c.y-a.y)*ex) / (dx*ey - dy*ex)
	return vertex{a.x + int64(math.Round(share*dx)), a.y + int64(math.Round(share*dy))}
}

// within reports whether a vertex on the line of a segment lies on the segment.
func within(a, b, v vertex) bool {
	return min(a.x, b.x) <= v.x && v.x <= max(a.x, b.x) && min(a.y, b.y) <= v.y && v.y <= max(a.y, b.y)
}

// loops cuts a path at every vertex that it visits again.
func loops(path []vertex) (all [][]vertex) {
	at := map[vertex]int{}
	var open []vertex
	for _, v := range path {
		if from, again := at[v]; again {
			all = append(all, slices.Clone(open[from:]))
			for _, gone := range open[from:] {
				delete(at, gone)
			}
			open = open[:from]
		}
		at[v] = len(open)
		open = append(open, v)
	}
	return append(all, open)
}

// apart leaves out rings that lie in a larger one, or share more than a point with it.
func apart(rings [][]vertex) [][]vertex {
	var kept [][]vertex
	for i, r := range rings {
		inside := slices.ContainsFunc(rings[i+1:], func(larger []vertex) bool {
			return shares(r, larger) ||
				lies(r, larger)
		})
		if !inside {
			kept = append(kept, r)
		}
	}
	return kept
}

// lies reports whether a ring that shares at most a point with another lies in it.
func lies(ring, other []vertex) bool {
	for _, v := range ring {
		if slices.Contains(other, v) || onEdge(other, v) {
			continue
		}
		return encloses(other, float64(v.x), float64(v.y))
	}
	return true
}

func onEdge(ring []vertex, v vertex) bool {
	for i, a := range ring {
		if b := ring[(i+1)%len(ring)]; turn(a, b, v) == 0 && within(a, b, v) {
			return true
		}
	}
	return false
}

func abs(v int64) int64 { return max(v, -v) }

func clamp(v int64) int64 { return min(max(v, -1), 1) }
