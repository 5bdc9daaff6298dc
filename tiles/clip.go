package tiles

import (
	"math"
	"slices"
)

// clipLine encodes those pieces of g.line that lie in the tile and its buffer.
func (g *geometry) clipLine() {
	g.clipped = g.clipped[:0]
	for i := 1; i < len(g.line); i++ {
		a, b, touches := clipSegment(g.line[i-1], g.line[i])
		if !touches {
			g.flush()
			continue
		}
		if n := len(g.clipped); n == 0 || g.clipped[n-1] != a {
			g.flush()
			g.clipped = append(g.clipped, a)
		}
		g.clipped = append(g.clipped, b)
		if b != g.line[i] {
			g.flush()
		}
	}
	g.flush()
}

func (g *geometry) flush() {
	if len(g.clipped) > 1 {
		g.lineTo(g.clipped)
	}
	g.clipped = g.clipped[:0]
}

// Sides of the buffered tile, as bits.
const (
	west = 1 << iota
	east
	north
	south
)

// side tells on which sides a vertex lies outside.
func side(v vertex) (s uint8) {
	if v.x < least {
		s = west
	} else if v.x > most {
		s = east
	}
	if v.y < least {
		s |= north
	} else if v.y > most {
		s |= south
	}
	return s
}

// clipSegment cuts a segment to the buffered tile (Liang and Barsky). Ends that
// lie inside stay exactly where they are.
func clipSegment(a, b vertex) (from, to vertex, touches bool) {
	sa, sb := side(a), side(b)
	if sa|sb == 0 {
		return a, b, true
	}
	if sa&sb != 0 {
		return a, b, false
	}
	dx, dy := float64(b.x-a.x), float64(b.y-a.y)
	enter, leave := 0.0, 1.0
	for _, edge := range [4][2]float64{
		{-dx, float64(a.x - least)}, {dx, float64(most - a.x)},
		{-dy, float64(a.y - least)}, {dy, float64(most - a.y)},
	} {
		switch way, room := edge[0], edge[1]; {
		case way == 0 && room < 0:
			return a, b, false
		case way < 0:
			enter = max(enter, room/way)
		case way > 0:
			leave = min(leave, room/way)
		}
	}
	if enter > leave {
		return a, b, false
	}
	from, to = a, b
	if sa != 0 {
		from = along(a, dx, dy, enter)
	}
	if sb != 0 {
		to = along(a, dx, dy, leave)
	}
	return from, to, true
}

// along is the vertex at a share of the way from a, kept within the buffered tile.
func along(a vertex, dx, dy, share float64) vertex {
	return vertex{
		x: min(max(a.x+int64(math.Round(share*dx)), least), most),
		y: min(max(a.y+int64(math.Round(share*dy)), least), most),
	}
}

// clipRing cuts an open ring to the buffered tile, side by side (Sutherland and
// Hodgman). Pieces that come apart stay joined along the edge of the buffer.
func (g *geometry) clipRing(ring []vertex) []vertex {
	ring = g.withoutDetours(ring)
	for _, s := range [4]uint8{west, east, north, south} {
		if len(ring) == 0 {
			return ring
		}
		g.clipped = cutSide(ring, s, g.clipped[:0])
		ring = g.clipped
		g.clipped, g.spare = g.spare, g.clipped
	}
	return ring
}

// withoutDetours leaves out vertices of a way that stays outside of one side:
// what it encloses with the shortcut does not touch the tile.
func (g *geometry) withoutDetours(ring []vertex) []vertex {
	out := slices.Grow(g.spare[:0], len(ring))
	if len(ring) == 0 {
		return out
	}
	all := ^uint8(0)
	kept := all
	at := side(ring[0])
	for i, v := range ring {
		next := side(ring[(i+1)%len(ring)])
		if i == 0 || kept&at&next == 0 {
			out = append(out, v)
			kept = at
		}
		all &= at
		at = next
	}
	g.spare = out
	if all != 0 {
		return out[:0]
	}
	return out
}

// cutSide appends to out what of the ring is not outside of the side.
func cutSide(ring []vertex, s uint8, out []vertex) []vertex {
	previous := ring[len(ring)-1]
	outside := side(previous)&s != 0
	for _, v := range ring {
		out2 := side(v)&s != 0
		if out2 != outside {
			out = append(out, crossing(previous, v, s))
		}
		if !out2 {
			out = append(out, v)
		}
		previous, outside = v, out2
	}
	return out
}

// crossing is where the way from a to b crosses the line of a side. It is taken
// from the lesser end, so that both directions give the same vertex.
func crossing(a, b vertex, s uint8) vertex {
	if b.x < a.x || b.x == a.x && b.y < a.y {
		a, b = b, a
	}
	dx, dy := float64(b.x-a.x), float64(b.y-a.y)
	switch s {
	case west:
		return vertex{least, a.y + int64(math.Round(dy*(float64(least-a.x)/dx)))}
	case east:
		return vertex{most, a.y + int64(math.Round(dy*(float64(most-a.x)/dx)))}
	case north:
		return vertex{a.x + int64(math.Round(dx*(float64(least-a.y)/dy))), least}
	default:
		return vertex{a.x + int64(math.Round(dx*(float64(most-a.y)/dy))), most}
	}
}
