package tiles

import "slices"

// ring encodes a ring, unless rounding leaves no area. Outer rings run clockwise
// on the screen, so that their area is positive as MVT 4.3.3.3 has it, and holes
// the other way. A ring that meets itself is taken apart, and a hole that meets its
// polygon or another hole is left out.
func (g *geometry) ring(ring []vertex, hole bool) bool {
	ring = openAndClean(ring)
	if area(ring) == 0 {
		return false
	}
	if g.simple(ring) {
		return g.whole(ring, hole)
	}
	shown := false
	for _, r := range g.repair(ring) {
		shown = g.whole(r, hole) || shown
	}
	return shown
}

// whole encodes a simple ring.
func (g *geometry) whole(ring []vertex, hole bool) bool {
	if hole && !g.fits(ring) {
		return false
	}
	if (area(ring) < 0) != hole {
		slices.Reverse(ring)
	}
	g.run(ring)
	g.commands = append(g.commands, closePath)
	if !g.holes {
		return true
	}
	if !hole {
		g.rings, g.ends = g.rings[:0], g.ends[:0]
	}
	g.rings = append(g.rings, ring...)
	g.ends = append(g.ends, len(g.rings))
	return true
}

// fits reports whether a hole lies in the polygon at hand, beside its other holes.
func (g *geometry) fits(hole []vertex) bool {
	from := 0
	for i, end := range g.ends {
		other := g.rings[from:end]
		if shares(hole, other) || lies(hole, other) != (i == 0) || i > 0 && lies(other, hole) {
			return false
		}
		from = end
	}
	return len(g.ends) > 0
}

// area is twice the area of an open ring, positive when it is clockwise on the
// screen (the surveyor's formula, y downwards).
func area(ring []vertex) int64 {
	if len(ring) < 3 {
		return 0
	}
	var twice int64
	previous := ring[len(ring)-1]
	for _, v := range ring {
		twice += previous.x*v.y - v.x*previous.y
		previous = v
	}
	return twice
}

// openAndClean drops, in place, repeated vertices, vertices on a straight line
// and spikes, around the whole ring. Nothing is left of a ring without width.
func openAndClean(ring []vertex) []vertex {
	n := 0
	for _, v := range ring {
		for n > 0 && (ring[n-1] == v || n > 1 && turn(ring[n-2], ring[n-1], v) == 0) {
			n--
		}
		ring[n] = v
		n++
	}
	ring = ring[:n]
	for len(ring) > 2 {
		last := len(ring) - 1
		switch {
		case ring[last] == ring[0], turn(ring[last-1], ring[last], ring[0]) == 0:
			ring = ring[:last]
		case turn(ring[last], ring[0], ring[1]) == 0:
			ring = ring[1:]
		default:
			return ring
		}
	}
	return ring[:0]
}
