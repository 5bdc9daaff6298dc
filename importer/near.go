package importer

import (
	"encoding/binary"
	"fmt"
	"hash/maphash"
	"math"

	"yizhan/geo"
)

// spot is where a point lies, of what category it is, and which row it is.
type spot struct {
	lon, lat float64
	kind     uint64 // hash of the category
	key      uint64 // hash of the key
	keyText  string // for the report; empty in personal layers
	position int64
	offset   int64
}

// near finds points of one category that lie nearer to an earlier one of the file
// than the layer allows. It keeps the first nearMost points, about 60 bytes each.
type near struct {
	target *Target
	facet  int // column of the category, -1 without one
	seed   maphash.Seed
	metres float64
	wide   float64 // degrees of longitude that a cell has
	high   float64 // degrees of latitude
	cells  map[cell]int32
	kept   []kept
	full   bool // some points were not kept
}

type cell struct{ x, y int32 }

type kept struct {
	lon, lat  float64
	kind, key uint32 // of the hashes
	position  int64
	next      int32 // of the same cell, -1 at the end
}

// nearMost is how many points are kept for comparison.
const nearMost = 1_000_000

// metresPerDegree of a great circle of the mean earth (IUGG, 6371008.8 m), and
// the latitude beyond which points are not compared.
const (
	metresPerDegree = 6371008.8 * math.Pi / 180
	nearLatitude    = 75.0
)

// newNear is nil for layers that keep no distance between points.
func newNear(t *Target) *near {
	if t.Layer.Kind != geo.Point || t.Layer.Spacing <= 0 || t.Multi {
		return nil
	}
	high := t.Layer.Spacing / metresPerDegree
	n := &near{target: t, facet: -1, seed: maphash.MakeSeed(), metres: t.Layer.Spacing, high: high,
		wide: high / math.Cos(nearLatitude*math.Pi/180), cells: map[cell]int32{}}
	for i, c := range t.Columns {
		if c.Name == t.Layer.Facet {
			n.facet = i
		}
	}
	return n
}

// spot notes the row that the checker has at hand.
func (n *near) spot(c *checker) spot {
	g := c.row.Geometry[len(c.row.Geometry)-16:]
	s := spot{lon: math.Float64frombits(binary.LittleEndian.Uint64(g)), lat: math.Float64frombits(binary.LittleEndian.Uint64(g[8:])),
		position: c.row.Position, offset: c.row.Offset}
	if n.facet >= 0 {
		s.kind = maphash.Bytes(n.seed, c.row.values[n.facet].text)
	}
	if c.key >= 0 {
		s.keyText = c.keyText()
		s.key = maphash.String(n.seed, s.keyText)
	}
	return s
}

// sift takes rows out of a handful that lie too near to an earlier one.
func (n *near) sift(h *handful) {
	start, out := 0, h.encoded[:0]
	for i, s := range h.spots {
		row := h.encoded[start:h.ends[i]]
		start = h.ends[i]
		if other, metres, found := n.clash(s); found {
			h.rejected = append(h.rejected, Rejection{Position: s.position, Offset: s.offset, Key: s.keyText, Reason: NearDuplicate,
				Detail: label(fmt.Sprintf("距第 %d 个 %.2f 米", other, metres), fmt.Sprintf("%.2f m from number %d", metres, other))})
			continue
		}
		out = append(out, row...)
	}
	h.encoded = out
}

// clash looks for an earlier point nearby, and keeps this one when there is none.
func (n *near) clash(s spot) (position int64, metres float64, found bool) {
	if math.Abs(s.lat) > nearLatitude {
		return 0, 0, false
	}
	at := cell{int32(math.Floor(s.lon / n.wide)), int32(math.Floor(s.lat / n.high))}
	kind, key := uint32(s.kind), uint32(s.key)
	for dx := int32(-1); dx <= 1; dx++ {
		for dy := int32(-1); dy <= 1; dy++ {
			i, some := n.cells[cell{at.x + dx, at.y + dy}]
			for some && i >= 0 {
				k := n.kept[i]
				d := metresPerDegree * math.Hypot((k.lon-s.lon)*math.Cos(s.lat*math.Pi/180), k.lat-s.lat)
				if d <= n.metres && k.kind == kind && (s.keyText == "" || k.key != key) {
					return k.position, d, true
				}
				i = k.next
			}
		}
	}
	if len(n.kept) == nearMost {
		n.full = true
		return 0, 0, false
	}
	next, some := n.cells[at]
	if !some {
		next = -1
	}
	n.kept = append(n.kept, kept{s.lon, s.lat, kind, key, s.position, next})
	n.cells[at] = int32(len(n.kept) - 1)
	return 0, 0, false
}
