package sample

import (
	"cmp"
	"math"
	"slices"

	"github.com/paulmach/orb"
)

// stretch is a piece of border between one or two owners (numbers of sites).
type stretch struct {
	owners []int
	path   orb.LineString
}

// voronoi divides the ground inside a border among sites, each place to its nearest
// site, and gives the stretches of border: those between two sites and those of the
// outer border. Stretches that meet end in the very same point.
func voronoi(sites []orb.Point, border ground) []stretch {
	var out []stretch
	var corners []orb.Point
	same := func(p orb.Point) orb.Point {
		for _, q := range corners {
			if distance(p, q) < 1 {
				return q
			}
		}
		corners = append(corners, p)
		return p
	}
	var hits []crossing
	for i := range sites {
		for _, e := range cellEdges(sites, i) {
			if e.owner < i {
				continue
			}
			l := orb.LineString{same(e.from), same(e.to)}
			cuts := border.crossings(l)
			hits = append(hits, cuts...)
			stops := orb.LineString{l[0]}
			for _, h := range cuts {
				stops = append(stops, h.at)
			}
			stops = append(stops, l[1])
			for k := 1; k < len(stops); k++ {
				if border.contains(lerp(stops[k-1], stops[k], 0.5)) {
					out = append(out, stretch{[]int{i, e.owner}, orb.LineString{stops[k-1], stops[k]}})
				}
			}
		}
	}
	return append(out, outerStretches(sites, border, hits)...)
}

// outerStretches cuts the outer border where the borders between sites reach it.
func outerStretches(sites []orb.Point, border ground, hits []crossing) []stretch {
	slices.SortFunc(hits, func(a, b crossing) int {
		return cmp.Or(cmp.Compare(a.side, b.side), cmp.Compare(a.part, b.part))
	})
	var out []stretch
	for i, h := range hits {
		next := hits[(i+1)%len(hits)]
		path := append(orb.LineString{h.at}, border.arc(h.border, next.border)...)
		path = append(path, next.at)
		middle := lerp(path[len(path)/2-1], path[len(path)/2], 0.5)
		out = append(out, stretch{[]int{nearestSite(sites, middle)}, path})
	}
	return out
}

func nearestSite(sites []orb.Point, p orb.Point) int {
	best, least := 0, math.Inf(1)
	for i, s := range sites {
		if d := distance(p, s); d < least {
			best, least = i, d
		}
	}
	return best
}

// cellEdge is a side of a cell and the site on its other side, -1 for none.
type cellEdge struct {
	from, to orb.Point
	owner    int
}

// cellEdges clips a great square by the bisectors between site i and all others.
func cellEdges(sites []orb.Point, i int) []cellEdge {
	const far = 1e6
	square := []orb.Point{{-far, -far}, {far, -far}, {far, far}, {-far, far}}
	var cell []cellEdge
	for k, p := range square {
		cell = append(cell, cellEdge{p, square[(k+1)%4], -1})
	}
	for j, other := range sites {
		if j == i {
			continue
		}
		middle, normal := lerp(sites[i], other, 0.5), sub(other, sites[i])
		cell = clipCell(cell, func(p orb.Point) float64 { return dot(sub(p, middle), normal) }, j)
	}
	return cell
}

// clipCell keeps the part of a convex cell where side is not positive.
func clipCell(cell []cellEdge, side func(orb.Point) float64, owner int) []cellEdge {
	var out []cellEdge
	var leave, enter orb.Point
	clipped := false
	for _, e := range cell {
		a, b := side(e.from), side(e.to)
		at := lerp(e.from, e.to, a/(a-b))
		switch {
		case a <= 0 && b <= 0:
			out = append(out, e)
		case a <= 0:
			out = append(out, cellEdge{e.from, at, e.owner})
			leave, clipped = at, true
		case b <= 0:
			out = append(out, cellEdge{at, e.to, e.owner})
			enter, clipped = at, true
		}
	}
	if clipped {
		out = append(out, cellEdge{leave, enter, owner})
	}
	return out
}

// chainRings joins stretches end to end into rings.
func chainRings(pieces []orb.LineString) []ground {
	var rings []ground
	used := make([]bool, len(pieces))
	for i := range pieces {
		if used[i] {
			continue
		}
		used[i] = true
		ring := slices.Clone(pieces[i])
		for ring[0] != ring[len(ring)-1] {
			next := extend(pieces, used, ring)
			if len(next) == len(ring) {
				break
			}
			ring = next
		}
		rings = append(rings, ground(ring[:len(ring)-1]))
	}
	return rings
}

// extend appends the unused piece that begins or ends where the ring does.
func extend(pieces []orb.LineString, used []bool, ring orb.LineString) orb.LineString {
	end := ring[len(ring)-1]
	for k, p := range pieces {
		if used[k] || p[0] != end && p[len(p)-1] != end {
			continue
		}
		used[k] = true
		p = slices.Clone(p)
		if p[0] != end {
			reverse(p)
		}
		return append(ring, p[1:]...)
	}
	return ring
}
