package tiles

import (
	"cmp"
	"math"
	"slices"
)

// polygonClip cuts one polygon after the other to the buffered tile, after Weiler
// and Atherton: rings fall into chains that lie inside; from where a chain leaves,
// the edge of the tile is followed clockwise to where the next one enters. As
// rings have their polygon on the right (outer rings clockwise, holes the other
// way), that joins the chains of all rings into the outer rings of what is left,
// without false bridges between its pieces.
//
// The edges lie half a unit outside of the buffer, where no vertex can be, so
// that every vertex is either inside or outside. Places on them are told by their
// distance along the edges, clockwise from the north-west corner.
type polygonClip struct {
	vertices []vertex
	chains   []chain
	inner    []innerRing
	next     []int // the chain that follows each
	entries  []int // chains in the order in which they enter
	around   bool  // the tile's corner lies inside an odd number of rings
	short    []vertex
	loop     []vertex
	outlines []span // of finished loops, in g.clipped
}

// chain is a run of vertices between two edges.
type chain struct {
	span
	enter, leave float64
	taken        bool
}

// innerRing is a ring that crosses no edge.
type innerRing struct {
	span
	hole bool
}

type span struct{ from, to int }

const (
	lower = least - 0.5
	upper = most + 0.5
	edge  = upper - lower
)

// add takes up a ring of the polygon.
func (c *polygonClip) add(ring []vertex, hole bool) {
	ring = c.withoutDetours(ring)
	if len(ring) == 0 {
		return
	}
	c.around = c.around != encloses(ring, lower, lower)
	start := slices.IndexFunc(ring, func(v vertex) bool { return side(v) != 0 })
	from := len(c.vertices)
	if start < 0 {
		c.vertices = append(c.vertices, ring...)
		c.inner = append(c.inner, innerRing{span: span{from, len(c.vertices)}, hole: hole})
		return
	}
	for k := range ring {
		a, b := ring[(start+k)%len(ring)], ring[(start+k+1)%len(ring)]
		c.segment(a, b)
	}
}

// segment adds to the chains what of a segment lies inside. A ring is walked from
// a vertex that lies outside, so a chain ends before the ring does.
func (c *polygonClip) segment(a, b vertex) {
	sa, sb := side(a), side(b)
	if sa == 0 && sb == 0 {
		c.vertices = append(c.vertices, b)
		return
	}
	if sa&sb != 0 {
		return
	}
	enter, leave := crossings(a, b)
	if sa != 0 && sb != 0 && enter.share >= leave.share {
		return
	}
	if sa != 0 {
		c.chains = append(c.chains, chain{span: span{from: len(c.vertices)}, enter: enter.along()})
		c.vertices = append(c.vertices, enter.vertex())
	}
	if sb == 0 {
		c.vertices = append(c.vertices, b)
		return
	}
	c.vertices = append(c.vertices, leave.vertex())
	last := &c.chains[len(c.chains)-1]
	last.to, last.leave = len(c.vertices), leave.along()
}

// crossing is a place where a segment meets an edge: how far on its way, which
// edge, and where.
type crossing struct {
	share float64
	edge  uint8
	x, y  float64
}

// crossings finds where a segment comes in and goes out (Liang and Barsky).
func crossings(a, b vertex) (enter, leave crossing) {
	x, y := float64(a.x), float64(a.y)
	dx, dy := float64(b.x)-x, float64(b.y)-y
	leave.share = 1
	for _, e := range [4]struct {
		edge      uint8
		way, room float64
	}{{west, -dx, x - lower}, {east, dx, upper - x}, {north, -dy, y - lower}, {south, dy, upper - y}} {
		share := e.room / e.way
		if e.way < 0 && (share > enter.share || enter.edge == 0) {
			enter.share, enter.edge = max(share, enter.share), e.edge
		} else if e.way > 0 && share < leave.share {
			leave.share, leave.edge = share, e.edge
		}
	}
	enter.x, enter.y = x+enter.share*dx, y+enter.share*dy
	leave.x, leave.y = x+leave.share*dx, y+leave.share*dy
	return enter, leave
}

// along is the distance along the edges, clockwise from the north-west corner.
func (c crossing) along() float64 {
	x, y := min(max(c.x-lower, 0), edge), min(max(c.y-lower, 0), edge)
	switch c.edge {
	case north:
		return x
	case east:
		return edge + y
	case south:
		return 2*edge + edge - x
	default:
		return 3*edge + edge - y
	}
}

// vertex is the nearest one within the buffer.
func (c crossing) vertex() vertex {
	return vertex{min(max(int64(math.Round(c.x)), least), most), min(max(int64(math.Round(c.y)), least), most)}
}

// corners of the buffer, clockwise from the north-west.
func corner(k int) vertex {
	return [4]vertex{{least, least}, {most, least}, {most, most}, {least, most}}[k%4]
}

// polygon encodes what is left of the rings added, and starts over.
func (c *polygonClip) polygon(g *geometry) {
	g.clipped = g.clipped[:0]
	c.outlines = c.outlines[:0]
	c.link()
	for i := range c.chains {
		if !c.chains[i].taken {
			c.follow(i)
			c.outline(g)
		}
	}
	if len(c.chains) == 0 && c.around {
		c.loop = append(c.loop[:0], corner(0), corner(1), corner(2), corner(3))
		c.outline(g)
	}
	for _, r := range c.inner {
		if !r.hole {
			c.loop = append(c.loop[:0], c.vertices[r.from:r.to]...)
			c.outline(g)
		}
	}
	c.encode(g)
	c.vertices, c.chains, c.inner, c.around = c.vertices[:0], c.chains[:0], c.inner[:0], false
}

// link finds for each chain the one that enters next, clockwise.
func (c *polygonClip) link() {
	c.entries, c.next = c.entries[:0], c.next[:0]
	for i := range c.chains {
		c.entries = append(c.entries, i)
	}
	slices.SortFunc(c.entries, func(a, b int) int {
		return cmp.Or(cmp.Compare(c.chains[a].enter, c.chains[b].enter), cmp.Compare(a, b))
	})
	for i := range c.chains {
		at, _ := slices.BinarySearchFunc(c.entries, c.chains[i].leave, func(e int, leave float64) int {
			return cmp.Compare(c.chains[e].enter, leave)
		})
		c.next = append(c.next, c.entries[at%len(c.entries)])
	}
}

// follow puts into c.loop the ring that starts with a chain.
func (c *polygonClip) follow(i int) {
	c.loop = c.loop[:0]
	for !c.chains[i].taken {
		at := &c.chains[i]
		at.taken = true
		c.loop = append(c.loop, c.vertices[at.from:at.to]...)
		i = c.next[i]
		to := c.chains[i].enter
		if to < at.leave {
			to += 4 * edge
		}
		for k := int(at.leave/edge) + 1; float64(k)*edge < to; k++ {
			c.loop = append(c.loop, corner(k))
		}
	}
}

// outline keeps the loop as an outer ring if it has an area.
func (c *polygonClip) outline(g *geometry) {
	ring := openAndClean(c.loop)
	if area(ring) != 0 {
		from := len(g.clipped)
		g.clipped = append(g.clipped, ring...)
		c.outlines = append(c.outlines, span{from, len(g.clipped)})
	}
}

// encode encodes the outlines, each followed by the holes that lie in it.
func (c *polygonClip) encode(g *geometry) {
	for i, o := range c.outlines {
		ring := g.clipped[o.from:o.to]
		g.ring(ring, false)
		for _, r := range c.inner {
			if r.hole && (len(c.outlines) == 1 || i == c.owner(g, c.vertices[r.from])) {
				c.loop = append(c.loop[:0], c.vertices[r.from:r.to]...)
				g.ring(c.loop, true)
			}
		}
	}
}

// owner is the index of the outline that a vertex of a hole lies in.
func (c *polygonClip) owner(g *geometry, v vertex) int {
	for i, o := range c.outlines {
		if encloses(g.clipped[o.from:o.to], float64(v.x)+0.25, float64(v.y)+0.25) {
			return i
		}
	}
	return 0
}

// encloses reports whether a place that shares its y with no vertex lies inside a ring.
func encloses(ring []vertex, x, y float64) bool {
	inside := false
	a := ring[len(ring)-1]
	for _, b := range ring {
		ay, by := float64(a.y), float64(b.y)
		if (ay > y) != (by > y) && x < float64(a.x)+(y-ay)/(by-ay)*float64(b.x-a.x) {
			inside = !inside
		}
		a = b
	}
	return inside
}

// withoutDetours leaves out vertices of a way that stays outside of one side:
// what it encloses with the shortcut does not touch the tile.
func (c *polygonClip) withoutDetours(ring []vertex) []vertex {
	out := c.short[:0]
	if len(ring) == 0 {
		return out
	}
	all, kept, at := ^uint8(0), ^uint8(0), side(ring[0])
	for i, v := range ring {
		next := side(ring[(i+1)%len(ring)])
		if i == 0 || kept&at&next == 0 {
			out = append(out, v)
			kept = at
		}
		all &= at
		at = next
	}
	c.short = out
	if all != 0 {
		return out[:0]
	}
	return out
}
