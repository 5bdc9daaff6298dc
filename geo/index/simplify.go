package index

import (
	"math"

	"yizhan/geo"
)

// Shapes are simplified once, when they are taken up: each vertex is given the
// first zoom that needs it, by Douglas and Peucker's rule over the whole line or
// ring, so that drawing only has to leave vertices out and neighbouring tiles
// leave out the same ones.
//
// A vertex is needed where the line without it would stray more than two units
// of a tile of 4096 (a quarter of a pixel of a tile shown at 512) below
// DetailZoom, and half a unit from there on, which is what ST_AsMVTGeom does at
// every zoom.
const (
	DetailZoom      = 14
	coarseTolerance = 1  // two to this power, in units
	fineTolerance   = -1 // likewise
)

// neverNeeded marks vertices that lie on the straight line between others.
const neverNeeded = geo.MaxZoom + 1

// simplifier assigns levels, reusing its memory.
type simplifier struct {
	stack []span
}

// span is a piece of a line between two vertices that are kept at level.
type span struct {
	first, last int
	level       uint8
}

// levels gives each vertex of a line or an unclosed ring its first zoom. The
// ends of a line, and of a ring its first vertex, are always needed.
func (s *simplifier) levels(line []geo.Position, ring bool, levels []uint8) {
	for i := range levels {
		levels[i] = neverNeeded
	}
	n := len(line)
	levels[0] = 0
	s.stack = s.stack[:0]
	if ring {
		s.stack = append(s.stack, span{0, n, 0})
	} else {
		levels[n-1] = 0
		s.stack = append(s.stack, span{0, n - 1, 0})
	}
	for len(s.stack) > 0 {
		piece := s.stack[len(s.stack)-1]
		s.stack = s.stack[:len(s.stack)-1]
		at, squared := farthest(line, piece.first, piece.last)
		level := max(levelOf(squared), piece.level)
		if at < 0 || level == neverNeeded {
			continue
		}
		levels[at] = level
		s.stack = append(s.stack, span{piece.first, at, level}, span{at, piece.last, level})
	}
}

// farthest finds the vertex between first and last that is farthest from the
// straight line between them, and its squared distance; -1 when there is none.
// A last of len(line) means the first vertex again.
func farthest(line []geo.Position, first, last int) (int, float64) {
	a, b := line[first], line[last%len(line)]
	ax, ay := float64(a.X()), float64(a.Y())
	dx, dy := float64(b.X())-ax, float64(b.Y())-ay
	length := dx*dx + dy*dy
	at, most := -1, -1.0
	for i := first + 1; i < last; i++ {
		px, py := float64(line[i].X())-ax, float64(line[i].Y())-ay
		if length > 0 {
			t := min(max((px*dx+py*dy)/length, 0), 1)
			px, py = px-t*dx, py-t*dy
		}
		if d := px*px + py*py; d > most {
			at, most = i, d
		}
	}
	return at, most
}

// levelOf is the first zoom whose tolerance is smaller than the distance, given
// as the square of world units.
func levelOf(squared float64) uint8 {
	// A unit of a tile is 2^(20-z) world units, so at zoom z the square of the
	// tolerance 2^t is 2^(2t+40-2z): only the exponent of the square matters.
	if squared <= 0 {
		return neverNeeded
	}
	exponent := exponentBelow(squared)
	if z := (2*coarseTolerance + 41 - exponent) >> 1; z < DetailZoom {
		return uint8(max(z, 0))
	}
	return uint8(min(max((2*fineTolerance+41-exponent)>>1, DetailZoom), neverNeeded))
}

// exponentBelow is the exponent of the largest power of two that is less than v, which
// is normal and above 0.
func exponentBelow(v float64) int {
	bits := math.Float64bits(v)
	exponent := int(bits>>52) - 1023
	if bits<<12 == 0 {
		exponent-- // a power of two is not less than itself
	}
	return exponent
}
