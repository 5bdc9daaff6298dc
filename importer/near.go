package importer

import (
	"encoding/binary"
	"hash/maphash"
	"math"

	"yizhan/geo"
	"yizhan/importer/record"
	"yizhan/internal/lang"
)

// spot is where a point lies, of what category it is, and which row it is.
type spot struct {
	x, y             float64 // longitude and latitude, or easting and northing in metres
	kind             uint32  // hash of the category
	key              uint32  // hash of the key
	keyFrom, keyUpTo int     // its text in the batch's keys
	position         int64
	offset           int64
}

// near finds points of one category that lie nearer to an earlier one of the file
// than the layer allows. It keeps the first nearMost points. Cells are twice as
// wide as that distance, so that a neighbour lies in one of four; a bit rules out
// most cells, which are empty.
type near struct {
	facet   int // column of the category, -1 without one
	keyed   bool
	seed    maphash.Seed
	metres  float64
	degrees bool    // otherwise the places are in metres
	wide    float64 // that a cell has, in the file's units
	high    float64
	some    []uint64
	heads   []int32  // by hash of the cell: the last point kept there, counted from 1
	kept    [][]kept // in pieces of nearPiece
	count   int
}

// kept is a point that others are compared with, in 32 bytes.
type kept struct {
	x, y      float64
	kind, key uint32
	position  uint32
	next      int32 // earlier point of the same hash, counted from 1
}

// How many points are kept for comparison, and the sizes of the tables of cells.
const (
	nearMost  = 1_000_000
	nearPiece = 1 << 14
	nearHeads = 1 << 21
	nearBits  = 1 << 25
)

// metresPerDegree of a great circle of the mean earth (IUGG, 6371008.8 m), and
// the latitude beyond which points are not compared.
const (
	metresPerDegree = 6371008.8 * math.Pi / 180
	nearLatitude    = 75.0
)

// newNear is nil for layers that keep no distance between points.
func newNear(t *Target, to Place) *near {
	if t.Layer.Kind != geo.Point || t.Layer.Spacing <= 0 || t.Multi {
		return nil
	}
	high := 2 * t.Layer.Spacing / metresPerDegree
	n := &near{facet: -1, seed: maphash.MakeSeed(), keyed: t.Layer.KeyColumn != "",
		metres: t.Layer.Spacing, degrees: to.Degrees, high: high, wide: high / math.Cos(nearLatitude*math.Pi/180),
		some: make([]uint64, nearBits/64), heads: make([]int32, nearHeads)}
	if !to.Degrees {
		n.high, n.wide = 2*t.Layer.Spacing, 2*t.Layer.Spacing
	}
	for i, c := range t.Columns {
		if c.Name == t.Layer.Facet {
			n.facet = i
		}
	}
	return n
}

// spot notes the row that the checker has at hand.
func (n *near) spot(c *checker, h *batchResult) spot {
	g := c.row.Geometry[len(c.row.Geometry)-16:]
	s := spot{x: math.Float64frombits(binary.LittleEndian.Uint64(g)),
		y:        math.Float64frombits(binary.LittleEndian.Uint64(g[8:])),
		position: c.row.Position, offset: c.row.Offset, keyFrom: len(h.keys)}
	if n.facet >= 0 {
		s.kind = uint32(maphash.Bytes(n.seed, c.row.values[n.facet].text))
	}
	if n.keyed {
		h.keys = c.appendKey(h.keys)
	}
	s.keyUpTo = len(h.keys)
	s.key = uint32(maphash.Bytes(n.seed, h.keys[s.keyFrom:]))
	return s
}

// filter rejects rows of a batch that lie too near to an earlier one.
func (n *near) filter(h *batchResult, ordinal func(position int64) lang.Label) {
	start, out := 0, h.encoded[:0]
	for i, s := range h.spots {
		row := h.encoded[start:h.ends[i]]
		start = h.ends[i]
		if other, metres, found := n.clash(s); found {
			h.rejected = append(h.rejected, Rejection{Position: s.position, Offset: s.offset,
				Reason: record.NearDuplicate,
				Key:    string(h.keys[s.keyFrom:s.keyUpTo]), Detail: lang.Bothf("%.2f m from %s", metres, ordinal(other))})
			continue
		}
		out = append(out, row...)
	}
	h.encoded = out
}

// clash looks for an earlier point nearby, and keeps this one when there is none.
func (n *near) clash(s spot) (position int64, metres float64, found bool) {
	if n.degrees && math.Abs(s.y) > nearLatitude {
		return 0, 0, false
	}
	x, y := s.x/n.wide, s.y/n.high
	cellX, cellY := math.Floor(x), math.Floor(y)
	besideX, besideY := nearestSide(x-cellX), nearestSide(y-cellY)
	own := cellHash(cellX, cellY)
	for _, hash := range [4]uint64{own, cellHash(cellX+besideX, cellY), cellHash(cellX, cellY+besideY),
		cellHash(cellX+besideX, cellY+besideY)} {
		if n.some[hash%nearBits/64]&(1<<(hash%64)) == 0 {
			continue
		}
		for i := n.heads[hash%nearHeads]; i > 0; {
			k := &n.kept[(i-1)/nearPiece][(i-1)%nearPiece]
			d := n.apart(k, s)
			if d <= n.metres && k.kind == s.kind && (!n.keyed || k.key != s.key) {
				return int64(k.position), d, true
			}
			i = k.next
		}
	}
	n.keep(s, own)
	return 0, 0, false
}

// apart is the distance of two places in metres.
func (n *near) apart(k *kept, s spot) float64 {
	if !n.degrees {
		return math.Hypot(k.x-s.x, k.y-s.y)
	}
	return metresPerDegree * math.Hypot((k.x-s.x)*math.Cos(s.y*math.Pi/180), k.y-s.y)
}

// full reports whether no more points are kept.
func (n *near) full() bool { return n.count == nearMost }

// keep remembers a point for those to come.
func (n *near) keep(s spot, cell uint64) {
	if n.full() || s.position > math.MaxUint32 {
		return
	}
	if n.count%nearPiece == 0 {
		n.kept = append(n.kept, make([]kept, 0, nearPiece))
	}
	last := &n.kept[len(n.kept)-1]
	*last = append(*last, kept{s.x, s.y, s.kind, s.key, uint32(s.position), n.heads[cell%nearHeads]})
	n.count++
	n.heads[cell%nearHeads] = int32(n.count)
	n.some[cell%nearBits/64] |= 1 << (cell % 64)
}

// nearestSide is on which side of a cell a neighbour may be, of a place within it
// from 0 to 1.
func nearestSide(within float64) float64 {
	if within < 0.5 {
		return -1
	}
	return 1
}

// cellHash mixes the numbers of a cell (multiplicative hashing, D. E. Knuth, The Art
// of Computer Programming, 6.4, and the finaliser of splitmix64).
func cellHash(x, y float64) uint64 {
	h := uint64(int64(x))*0x9e3779b97f4a7c15 ^ uint64(int64(y))*0xc2b2ae3d27d4eb4f
	h ^= h >> 29
	h *= 0xbf58476d1ce4e5b9
	return h ^ h>>32
}
