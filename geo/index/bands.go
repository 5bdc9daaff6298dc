package index

import (
	"math"
	"math/bits"

	"yizhan/geo"

	"github.com/tidwall/rtree"
)

// bands is an index of shapes by size: band b has those whose longer side is
// 2^(b-1) to 2^b-1 world units, each band in an R-tree of its own, so that a
// low zoom never visits what is too small to be seen there. The trees of a
// published version are not changed: an edit takes a copy, which shares the nodes.
type bands [geo.WorldBits + 1]*rtree.RTreeGN[float32, *Shape]

// smallestSide is how many units of 1/4096 of a tile the longer side of a line
// or polygon must have to be drawn: half a pixel of a tile shown at 512, and for
// polygons on overviews, where a whole city meets in a tile, two pixels. It is a power of two,
// so that a band is drawn as a whole or not at all.
const (
	smallestSide         = 4
	smallestOverviewSide = 16
	lastOverview         = 13 // zoom
)

// FirstBand is the first band of shapes of a kind that a zoom draws; all bands
// above it are drawn too. Lines are cut into short pieces by those who survey
// them, and keep the finer bound, so that a road stays whole.
func FirstBand(k geo.Kind, z uint8) int {
	side := uint(smallestSide)
	if z <= lastOverview && k == geo.Polygon {
		side = smallestOverviewSide
	}
	return max(bits.Len(side)+20-int(z), 0)
}

// Bands is the number of bands.
const Bands = geo.WorldBits + 1

// corners rounds the box outwards to single precision, which halves the memory
// of the trees.
func corners(e geo.Extent) (lower, upper [2]float32) {
	return [2]float32{below(e.MinX), below(e.MinY)}, [2]float32{above(e.MaxX), above(e.MaxY)}
}

func below(v uint32) float32 {
	f := float32(v)
	if float64(f) > float64(v) {
		f = math.Nextafter32(f, 0)
	}
	return f
}

func above(v uint32) float32 {
	f := float32(v)
	if float64(f) < float64(v) {
		f = math.Nextafter32(f, math.MaxFloat32)
	}
	return f
}

// search visits the shapes of one band whose boxes touch the box, until visit
// returns false.
func (b *bands) search(band int, box geo.Extent, visit func(s *Shape) bool) {
	if b[band] == nil {
		return
	}
	lower, upper := corners(box)
	b[band].Search(lower, upper, func(from, to [2]float32, s *Shape) bool {
		if from[0] > lower[0] && from[1] > lower[1] && to[0] < upper[0] && to[1] < upper[1] {
			return visit(s) // no look at the shape, which is elsewhere in memory
		}
		return !s.Box.Intersects(box) || visit(s)
	})
}

// each visits all shapes until visit returns false.
func (b *bands) each(visit func(s *Shape) bool) bool {
	going := true
	for _, t := range b {
		if t != nil && going {
			t.Scan(func(_, _ [2]float32, s *Shape) bool {
				going = visit(s)
				return going
			})
		}
	}
	return going
}

// bandEdit changes an index; trees that are still shared are copied first.
type bandEdit struct {
	bands  *bands
	copied [geo.WorldBits + 1]bool
}

func (e *bandEdit) own(band int) *rtree.RTreeGN[float32, *Shape] {
	switch {
	case e.bands[band] == nil:
		e.bands[band] = new(rtree.RTreeGN[float32, *Shape])
	case !e.copied[band]:
		e.bands[band] = e.bands[band].Copy()
	}
	e.copied[band] = true
	return e.bands[band]
}

func (e *bandEdit) insert(s *Shape) {
	lower, upper := corners(s.Box)
	e.own(bandOf(s.Box)).Insert(lower, upper, s)
}

func (e *bandEdit) remove(s *Shape) {
	lower, upper := corners(s.Box)
	e.own(bandOf(s.Box)).Delete(lower, upper, s)
}

// bandOf is the size class of a box: the bit length of its longer side.
func bandOf(e geo.Extent) int {
	return bits.Len32(max(e.MaxX-e.MinX, e.MaxY-e.MinY))
}
