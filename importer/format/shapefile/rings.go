package shapefile

import (
	"cmp"
	"math"
	"slices"

	"yizhan/importer/record"
	"yizhan/internal/lang"
)

// ringSorter turns the rings of a shape, which a .shp keeps in any order, into
// polygons: outer rings run clockwise, holes the other way (ESRI, "Polygon"). A hole
// belongs to the smallest outer ring around it; one without is an outer ring. It
// keeps its memory from shape to shape.
type ringSorter struct {
	rings  []sortedRing
	outers []int     // rings, by the left side of their boxes
	groups []ringBox // around every groupSize of the outers
	order  []int     // of rings, as they are written
	spare  []float64 // coordinates
	work   int       // steps taken for the shape
}

// sortedRing is one ring.
type sortedRing struct {
	xy    []float64
	box   ringBox
	area  float64 // signed; below zero when clockwise
	owner int     // the outer ring of a hole; itself for an outer ring
	index *ringIndex
}

const (
	groupSize   = 64
	sortingWork = 200_000_000 // steps for one shape: about a second
)

// sort puts every hole behind its outer ring and ends the polygons.
func (r *ringSorter) sort(s *record.Shape) *record.Fault {
	if len(s.Ends) == 1 {
		s.EndPolygon()
		return nil
	}
	r.measure(s)
	for i := range r.rings {
		if ring := &r.rings[i]; ring.owner < 0 {
			ring.owner = r.around(i)
		}
		if r.work > sortingWork {
			return &record.Fault{Reason: record.TooLarge,
				Detail: lang.Bothf("too many rings lie within each other's bounds")}
		}
	}
	r.arrange(s)
	return nil
}

// measure finds box and direction of every ring and lists the outer ones.
func (r *ringSorter) measure(s *record.Shape) {
	r.rings, r.outers, r.groups, r.work = r.rings[:0], r.outers[:0], r.groups[:0], 0
	start := 0
	for i, end := range s.Ends {
		ring := sortedRing{xy: s.Coordinates[2*start : 2*end], owner: i}
		ring.box, ring.area = measureRing(ring.xy)
		if ring.area > 0 {
			ring.owner = -1
		} else {
			r.outers = append(r.outers, i)
		}
		r.rings = append(r.rings, ring)
		start = end
	}
	slices.SortFunc(r.outers, func(a, b int) int { return cmp.Compare(r.rings[a].box.minX, r.rings[b].box.minX) })
	for at := 0; at < len(r.outers); at += groupSize {
		box := r.rings[r.outers[at]].box
		for _, i := range r.outers[at:min(at+groupSize, len(r.outers))] {
			box = box.with(r.rings[i].box)
		}
		r.groups = append(r.groups, box)
	}
}

// around is the smallest outer ring around a hole; the hole itself when there is none.
func (r *ringSorter) around(hole int) int {
	h := &r.rings[hole]
	owner, least := hole, math.Inf(1)
	for g, box := range r.groups {
		if r.work++; !box.holds(h.box) {
			continue
		}
		for _, i := range r.outers[g*groupSize : min((g+1)*groupSize, len(r.outers))] {
			outer := &r.rings[i]
			r.work++
			if area := -outer.area; area < least && outer.box.holds(h.box) && r.within(h, outer) {
				owner, least = i, area
			}
		}
	}
	return owner
}

// within says whether a hole lies in an outer ring, by some vertices of the hole that
// are not on it. All on it: the hole fills it, as far as can be told.
func (r *ringSorter) within(hole, outer *sortedRing) bool {
	const asked = 5
	if outer.index == nil {
		outer.index = newRingIndex(outer.xy, outer.box)
		r.work += len(outer.xy)
	}
	votes, n := 0, len(hole.xy)/2-1 // the last is the first
	step := max(1, n/asked)
	for pass := range step {
		for i := pass; i < n; i += step {
			side, work := outer.index.side(hole.xy[2*i], hole.xy[2*i+1])
			votes += side
			r.work += work
		}
		if votes != 0 || r.work > sortingWork {
			break
		}
	}
	return votes >= 0
}

// arrange writes the rings again, each hole behind its outer ring, unless they lie so.
func (r *ringSorter) arrange(s *record.Shape) {
	r.order = r.order[:0]
	for i := range r.rings {
		r.order = append(r.order, i)
	}
	slices.SortStableFunc(r.order, func(a, b int) int {
		ra, rb := r.rings[a].owner, r.rings[b].owner
		if c := cmp.Compare(ra, rb); c != 0 {
			return c
		}
		return cmp.Compare(bit(a != ra), bit(b != rb))
	})
	if !slices.IsSorted(r.order) {
		out := r.spare[:0]
		for _, i := range r.order {
			out = append(out, r.rings[i].xy...)
		}
		r.spare, s.Coordinates = s.Coordinates, out
	}
	s.Ends, s.Parts = s.Ends[:0], s.Parts[:0]
	vertices := 0
	for at, i := range r.order {
		if at > 0 && r.rings[i].owner == i {
			s.EndPolygon()
		}
		vertices += len(r.rings[i].xy) / 2
		s.Ends = append(s.Ends, vertices)
	}
	s.EndPolygon()
	s.Multi = len(s.Parts) > 1
}

func bit(b bool) int {
	if b {
		return 1
	}
	return 0
}
