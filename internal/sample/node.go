package sample

import (
	"cmp"
	"math"
	"slices"

	"github.com/paulmach/orb"
)

// side is one segment of a street.
type side struct {
	street *street
	number int
}

// node gives streets of one town a common vertex wherever they meet, and notes the
// chainages of the junctions of each street.
func node(streets []*street) {
	grid := map[[2]int][]side{}
	var cells [][2]int
	for _, s := range streets {
		for i := 1; i < len(s.line); i++ {
			for _, cell := range squaresOf(s.line[i-1], s.line[i]) {
				if len(grid[cell]) == 0 {
					cells = append(cells, cell)
				}
				grid[cell] = append(grid[cell], side{s, i})
			}
		}
	}
	stops := map[side][]orb.Point{}
	for _, cell := range cells {
		for i, a := range grid[cell] {
			for _, b := range grid[cell][i+1:] {
				if p, ok := touch(a, b); ok && a.street != b.street {
					stops[a] = append(stops[a], p)
					stops[b] = append(stops[b], p)
				}
			}
		}
	}
	for _, s := range streets {
		s.insert(stops)
	}
	weld(streets)
}

// weld makes vertices of streets that lie within a millimetre of each other the same.
func weld(streets []*street) {
	var seen junctionGrid
	for _, s := range streets {
		for i, p := range s.line {
			if q, ok := seen.near(p, 0.001, func(orb.Point) bool { return true }); ok {
				s.line[i] = q
			} else {
				seen.add(p)
			}
		}
	}
}

// squaresOf lists the squares of 100 m that the box of a segment covers.
func squaresOf(a, b orb.Point) [][2]int {
	low := square(orb.Point{min(a[0], b[0]) - 0.1, min(a[1], b[1]) - 0.1})
	high := square(orb.Point{max(a[0], b[0]) + 0.1, max(a[1], b[1]) + 0.1})
	var out [][2]int
	for x := low[0]; x <= high[0]; x++ {
		for y := low[1]; y <= high[1]; y++ {
			out = append(out, [2]int{x, y})
		}
	}
	return out
}

// touch is where two segments meet: an end of one on the other, or where they cross.
func touch(a, b side) (orb.Point, bool) {
	a0, a1 := a.street.line[a.number-1], a.street.line[a.number]
	b0, b1 := b.street.line[b.number-1], b.street.line[b.number]
	for _, p := range []orb.Point{a0, a1} {
		if _, d := nearestOn(p, b0, b1); d < 0.05 {
			return p, true
		}
	}
	for _, p := range []orb.Point{b0, b1} {
		if _, d := nearestOn(p, a0, a1); d < 0.05 {
			return p, true
		}
	}
	t, _, ok := meet(a0, a1, b0, b1)
	return lerp(a0, a1, t), ok
}

func (s *street) insert(stops map[side][]orb.Point) {
	line := orb.LineString{s.line[0]}
	at := 0.0
	for i := 1; i < len(s.line); i++ {
		from, to := s.line[i-1], s.line[i]
		points := stops[side{s, i}]
		slices.SortFunc(points, func(p, q orb.Point) int { return cmp.Compare(distance(from, p), distance(from, q)) })
		for _, p := range points {
			s.corner(at + distance(from, p))
			if distance(line[len(line)-1], p) > 0.001 && distance(p, to) > 0.001 {
				line = append(line, p)
			}
		}
		at += distance(from, to)
		line = append(line, to)
	}
	s.line = line
	s.bounds = line.Bound()
}

// corner notes a junction, once.
func (s *street) corner(at float64) {
	if n := len(s.corners); n == 0 || math.Abs(s.corners[n-1]-at) > 0.2 {
		s.corners = append(s.corners, at)
	}
}
