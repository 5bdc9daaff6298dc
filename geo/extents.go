package geo

import (
	"cmp"
	"slices"

	"github.com/paulmach/orb"
)

// MergeExtents covers the extents with at most n boxes in degrees, for telling
// others what ground changed. Neighbours along the Z-curve are joined where that
// adds the least area; the same extents in any order give the same boxes.
func MergeExtents(extents []Extent, n int) []orb.Bound {
	if len(extents) == 0 || n <= 0 {
		return nil
	}
	boxes := alongCurve(extents)
	for len(boxes) > n {
		boxes = joinNearest(boxes, n)
	}
	bounds := make([]orb.Bound, len(boxes))
	for i, b := range boxes {
		bounds[i] = b.Bound()
	}
	return bounds
}

// alongCurve sorts a copy by the codes of the centres and drops repetitions.
func alongCurve(extents []Extent) []Extent {
	sorted := slices.Clone(extents)
	slices.SortFunc(sorted, func(a, b Extent) int {
		return cmp.Or(cmp.Compare(a.Center().Code(), b.Center().Code()),
			cmp.Compare(a.MinX, b.MinX), cmp.Compare(a.MinY, b.MinY), cmp.Compare(a.MaxX, b.MaxX), cmp.Compare(a.MaxY, b.MaxY))
	})
	return slices.Compact(sorted)
}

// joinNearest joins neighbours, cheapest first, until n are left or half of the
// boxes have found a partner.
func joinNearest(boxes []Extent, n int) []Extent {
	type pair struct {
		added float64
		left  int
	}
	pairs := make([]pair, 0, len(boxes)-1)
	for i := range len(boxes) - 1 {
		both := boxes[i].Union(boxes[i+1])
		pairs = append(pairs, pair{added: both.area() - boxes[i].area() - boxes[i+1].area(), left: i})
	}
	slices.SortFunc(pairs, func(a, b pair) int {
		return cmp.Or(cmp.Compare(a.added, b.added), cmp.Compare(a.left, b.left))
	})
	gone := make([]bool, len(boxes))
	taken := make([]bool, len(boxes))
	left := len(boxes)
	for _, p := range pairs {
		if left <= n {
			break
		}
		if taken[p.left] || taken[p.left+1] {
			continue
		}
		boxes[p.left] = boxes[p.left].Union(boxes[p.left+1])
		taken[p.left], taken[p.left+1], gone[p.left+1] = true, true, true
		left--
	}
	kept := boxes[:0]
	for i, b := range boxes {
		if !gone[i] {
			kept = append(kept, b)
		}
	}
	return kept
}

// area counts the units that the box covers.
func (e Extent) area() float64 {
	return (float64(e.MaxX-e.MinX) + 1) * (float64(e.MaxY-e.MinY) + 1)
}
