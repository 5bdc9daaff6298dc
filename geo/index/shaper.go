package index

import (
	"slices"

	"yizhan/geo"
)

// shaper turns the geometry of one feature after the other into shapes, reusing
// its memory: the data of a shape are good until the next call.
type shaper struct {
	parser     parser
	simplifier simplifier
	data       []uint32
	levels     []uint8
}

// shaped is what a geometry has become.
type shaped struct {
	shape  Shape
	single geo.Position // the place, if it is one point
	points int          // 1 for a single point; otherwise the shape counts
}

// read makes a shape of WKB with the values; a geometry that is nil, empty or
// smaller than a world unit leaves a shape without parts.
func (s *shaper) read(kind geo.Kind, id int64, wkb []byte, values []Ref) (shaped, error) {
	made := shaped{shape: Shape{ID: id, fields: uint16(len(values)), sturdy: neverSturdy}}
	s.data, s.levels = s.data[:0], s.levels[:0]
	for _, r := range values {
		s.data = append(s.data, uint32(r))
	}
	if wkb != nil {
		if kind == geo.Point {
			if at, ok := quickPoint(wkb); ok {
				made.single, made.points = at, 1
				return made, nil
			}
		}
		if err := s.parser.read(kind, wkb); err != nil {
			return made, err
		}
		if kind == geo.Point && len(s.parser.positions) == 1 {
			made.single, made.points = s.parser.positions[0], 1
			return made, nil
		}
		s.fill(kind, &made.shape)
	}
	s.data = packLevels(s.data, s.levels)
	made.shape.data = s.data
	return made, nil
}

// fill puts the parts that are worth keeping into the shape.
func (s *shaper) fill(kind geo.Kind, shape *Shape) {
	kept := s.sound(kind)
	vertices := 0
	for _, p := range kept {
		vertices += len(p.line)
		head := uint32(vertices) << 1
		if !p.hole {
			head |= 1
		}
		s.data = append(s.data, head)
	}
	for i, p := range kept {
		for j, at := range p.line {
			if i+j == 0 {
				shape.Box = at.Extent()
			}
			shape.Box = shape.Box.Union(at.Extent())
			s.data = append(s.data, at.X(), at.Y())
		}
		from := len(s.levels)
		s.levels = append(s.levels, make([]uint8, len(p.line))...)
		if kind != geo.Point {
			s.simplifier.levels(p.line, kind == geo.Polygon, s.levels[from:])
		}
	}
	shape.parts = uint32(len(kept))
	if kind == geo.Polygon && len(kept) == 1 && max(shape.Box.MaxX-shape.Box.MinX,
		shape.Box.MaxY-shape.Box.MinY) < widthSturdy {
		shape.sturdy = sturdyFrom(kept[0].line, s.levels)
	}
}

// soundPart is a part without repeated vertices, closing vertex or wrong direction.
type soundPart struct {
	line []geo.Position
	hole bool
}

// sound leaves out lines without length, rings without area and the holes of
// such rings, and turns rings the right way round.
func (s *shaper) sound(kind geo.Kind) []soundPart {
	var kept []soundPart
	start, outerKept := 0, false
	for _, part := range s.parser.parts {
		line := s.parser.positions[start:part.end]
		start = part.end
		if kind != geo.Point {
			line = slices.Compact(line)
		}
		switch {
		case kind == geo.Line && len(line) < 2:
			continue
		case kind == geo.Polygon:
			line = openRing(line)
			area := ringArea(line)
			if !part.outer && !outerKept {
				continue
			}
			if part.outer {
				outerKept = area != 0
			}
			if area == 0 {
				continue
			}
			if (area > 0) != part.outer {
				slices.Reverse(line)
			}
		}
		kept = append(kept, soundPart{line: line, hole: !part.outer})
	}
	return kept
}

// openRing takes the closing vertices off.
func openRing(ring []geo.Position) []geo.Position {
	for len(ring) > 1 && ring[0] == ring[len(ring)-1] {
		ring = ring[:len(ring)-1]
	}
	return ring
}

// ringArea is twice the area of an open ring, positive when it runs clockwise as
// seen on the map (y grows southwards).
func ringArea(ring []geo.Position) float64 {
	if len(ring) < 3 {
		return 0
	}
	x0, y0 := int64(ring[0].X()), int64(ring[0].Y())
	var area float64
	var px, py int64
	for _, p := range ring[1:] {
		x, y := int64(p.X())-x0, int64(p.Y())-y0
		area += float64(px)*float64(y) - float64(x)*float64(py)
		px, py = x, y
	}
	return area
}
