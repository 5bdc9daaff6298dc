package geo

import (
	"cmp"
	"slices"
)

// MergeExtents covers the extents with at most n boxes, for telling
// others what ground changed. Neighbours along the Z-curve are joined where that
// adds the least area; the same extents in any order give the same boxes.
func MergeExtents(extents []Extent, n int) []Extent {
	if len(extents) == 0 || n <= 0 {
		return nil
	}
	boxes := alongCurve(extents)
	for len(boxes) > n {
		boxes = joinNearest(boxes, n)
	}
	return boxes
}

// alongCurve sorts a copy by the codes of the centres, and drops repetitions.
func alongCurve(extents []Extent) []Extent {
	codes, order := make([]uint64, len(extents)), make([]uint32, len(extents))
	for i, e := range extents {
		codes[i], order[i] = e.Center().Code(), uint32(i)
	}
	SortCodes(codes, order)
	sorted := make([]Extent, len(extents))
	for i, o := range order {
		sorted[i] = extents[o]
	}
	// extents with one centre are next to each other, still in the order given
	for from := 0; from < len(codes); {
		to := from + 1
		for to < len(codes) && codes[to] == codes[from] {
			to++
		}
		slices.SortFunc(sorted[from:to], func(a, b Extent) int {
			return cmp.Or(cmp.Compare(a.MinX, b.MinX), cmp.Compare(a.MinY, b.MinY), cmp.Compare(a.MaxX, b.MaxX),
				cmp.Compare(a.MaxY, b.MaxY))
		})
		from = to
	}
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

// ExtentSet answers whether any of many boxes touches a given one.
type ExtentSet struct {
	rows [][]Extent // the boxes along the Z-curve, then boxes around each rowWidth of the row before
}

const rowWidth = 16

// NewExtentSet indexes a copy of the extents.
func NewExtentSet(extents []Extent) *ExtentSet {
	row := alongCurve(extents)
	s := &ExtentSet{rows: [][]Extent{row}}
	for len(row) > rowWidth {
		var next []Extent
		for group := range slices.Chunk(row, rowWidth) {
			around := group[0]
			for _, e := range group[1:] {
				around = around.Union(e)
			}
			next = append(next, around)
		}
		s.rows = append(s.rows, next)
		row = next
	}
	return s
}

// Touches reports whether one of the boxes shares a point with the box.
func (s *ExtentSet) Touches(box Extent) bool {
	top := len(s.rows) - 1
	return s.touches(top, 0, len(s.rows[top]), box)
}

func (s *ExtentSet) touches(row, from, to int, box Extent) bool {
	for i := from; i < min(to, len(s.rows[row])); i++ {
		if box.Intersects(s.rows[row][i]) && (row == 0 || s.touches(row-1, i*rowWidth, (i+1)*rowWidth, box)) {
			return true
		}
	}
	return false
}
