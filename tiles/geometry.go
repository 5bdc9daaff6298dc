package tiles

import (
	"encoding/binary"
	"slices"

	"yizhan/geo"
	"yizhan/geo/index"
)

// vertex is a place in tile units.
type vertex struct{ x, y int64 }

// geometry turns one shape after the other into the commands of MVT 4.3,
// reusing its memory.
type geometry struct {
	commands []byte
	vertices int    // in the commands
	cursor   vertex // where the last command ended
	line     []vertex
	clipped  []vertex
	clip     polygonClip

	holes bool     // the shape may have some
	rings []vertex // of the polygon at hand: its outer ring, then its holes
	ends  []int    // of each in rings
	west  []int    // segments from the west
}

// draw encodes what shows of the shape with the vertices that the zoom detail
// needs. A whole shape needs no clipping.
func (g *geometry) draw(s *index.Shape, kind geo.Kind, to *grid, whole bool, detail uint8) {
	g.commands, g.vertices, g.cursor = g.commands[:0], 0, vertex{}
	if kind == geo.Point {
		g.several(s, to)
		return
	}
	if kind == geo.Polygon && whole && s.Sturdy(detail) {
		xy, levels, _ := s.Part(0)
		g.quantise(xy, levels, to, detail)
		g.run(g.line)
		g.commands = append(g.commands, closePath)
		return
	}
	outerShown := false
	g.holes = s.Parts() > 1
	g.ends = g.ends[:0]
	for i := 0; i < s.Parts() && g.vertices <= maxVertices; i++ {
		xy, levels, hole := s.Part(i)
		g.quantise(xy, levels, to, detail)
		switch {
		case kind == geo.Line && whole:
			g.lineTo(g.line)
		case kind == geo.Line:
			g.clipLine()
		case !whole:
			if !hole {
				g.clip.polygon(g)
			}
			g.clip.add(g.line, hole)
		case !hole:
			outerShown = g.ring(g.line, false)
		case outerShown:
			g.ring(g.line, true)
		}
	}
	if !whole && kind == geo.Polygon {
		g.clip.polygon(g)
	}
}

// quantise puts the needed vertices into g.line, each place once in a row.
func (g *geometry) quantise(xy []uint32, levels index.Levels, to *grid, detail uint8) {
	line := slices.Grow(g.line[:0], len(xy)/2)[:len(xy)/2]
	n := 0
	for i := range line {
		if levels.At(i) > detail {
			continue
		}
		v := vertex{to.x(xy[2*i]), to.y(xy[2*i+1])}
		if n == 0 || line[n-1] != v {
			line[n] = v
			n++
		}
	}
	g.line = line[:n]
}

// lineTo encodes a line unless it has shrunk to a point.
func (g *geometry) lineTo(line []vertex) {
	line = straighten(line)
	if len(line) < 2 {
		return
	}
	g.run(line)
}

// straighten drops, in place, repeated vertices and those that lie on the way
// from the one before to the one after.
func straighten(line []vertex) []vertex {
	n := 0
	for _, v := range line {
		if n > 0 && line[n-1] == v {
			continue
		}
		if n > 1 && turn(line[n-2], line[n-1], v) == 0 && ahead(line[n-2], line[n-1], v) {
			n--
		}
		line[n] = v
		n++
	}
	return line[:n]
}

// turn is positive where a, b, c turn clockwise on the screen, negative where
// they turn the other way, 0 where they are in line.
func turn(a, b, c vertex) int64 {
	return (b.x-a.x)*(c.y-b.y) - (b.y-a.y)*(c.x-b.x)
}

// ahead reports whether the way from b to c goes on as from a to b.
func ahead(a, b, c vertex) bool {
	return (b.x-a.x)*(c.x-b.x)+(b.y-a.y)*(c.y-b.y) > 0
}

// run encodes a line or an open ring.
func (g *geometry) run(line []vertex) {
	const roomVertex, roomCommands = 2 * 5, 16
	n := len(g.commands)
	b := slices.Grow(g.commands, roomVertex*len(line)+roomCommands)
	b = b[:cap(b)]
	b[n] = 1<<3 | moveTo
	n = putStep(b, n+1, g.cursor, line[0])
	n = putVarint(b, n, uint64(len(line)-1)<<3|lineTo)
	from := line[0]
	for _, v := range line[1:] {
		n = putStep(b, n, from, v)
		from = v
	}
	g.cursor, g.commands = from, b[:n]
	g.vertices += len(line)
}

// putStep writes the way from one vertex to another.
func putStep(b []byte, n int, from, to vertex) int {
	dx, dy := zigzag(to.x-from.x), zigzag(to.y-from.y)
	if dx|dy < 0x80 {
		b[n], b[n+1] = byte(dx), byte(dy)
		return n + 2
	}
	return putVarint(b, putVarint(b, n, dx), dy)
}

// several encodes those of several points that show, each place once in a row.
func (g *geometry) several(s *index.Shape, to *grid) {
	g.line = g.line[:0]
	for i := range s.Parts() {
		xy, _, _ := s.Part(i)
		v := vertex{to.x(xy[0]), to.y(xy[1])}
		if shows(v.x) && shows(v.y) && len(g.line) < maxVertices {
			g.line = append(g.line, v)
		}
	}
	if len(g.line) == 0 {
		return
	}
	g.commands = binary.AppendUvarint(g.commands, uint64(len(g.line))<<3|moveTo)
	from := vertex{}
	for _, v := range g.line {
		g.commands = binary.AppendUvarint(g.commands, zigzag(v.x-from.x))
		g.commands = binary.AppendUvarint(g.commands, zigzag(v.y-from.y))
		from = v
	}
	g.vertices = len(g.line)
}
