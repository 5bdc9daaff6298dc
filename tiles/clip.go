package tiles

import "math"

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
