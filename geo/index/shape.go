package index

import (
	"encoding/binary"
	"slices"

	"yizhan/geo"

	"github.com/paulmach/orb"
)

// Shape is a feature other than a single point: lines, polygons, several points,
// or nothing at all. It does not change once it is in a Collection.
//
// Its data are, one after the other: the Refs of its attributes; for each part
// the number of vertices up to its end, doubled, plus one for an outer ring, a
// line or a point; the vertices, x then y; and for each vertex a byte, the first
// zoom that needs it, four in a number from the lowest. A ring has at least three
// vertices and is not closed by a repetition of the first; outer rings run
// clockwise as seen on the map, holes the other way, and holes follow their ring.
type Shape struct {
	ID     int64
	Box    geo.Extent
	fields uint16
	sturdy uint8 // first zoom at which it is (see Sturdy)
	parts  uint32
	data   []uint32
}

// Levels is for each vertex of a part the first zoom that needs it.
type Levels struct {
	packed []uint32
	from   int
}

// At is the level of the i-th vertex.
func (l Levels) At(i int) uint8 {
	i += l.from
	return uint8(l.packed[i>>2] >> (i & 3 * 8))
}

// packLevels appends the levels of all vertices of a shape to its data.
func packLevels(data []uint32, levels []uint8) []uint32 {
	for len(levels) > 0 {
		var four [4]uint8
		levels = levels[copy(four[:], levels):]
		data = append(data, binary.LittleEndian.Uint32(four[:]))
	}
	return data
}

// Parts is the number of points, lines or rings.
func (s *Shape) Parts() int { return int(s.parts) }

// Ref is the value of the layer's field i.
func (s *Shape) Ref(i int) Ref { return Ref(s.data[i]) }

// refs are the values of all fields.
func (s *Shape) refs() []Ref {
	refs := make([]Ref, s.fields)
	for i := range refs {
		refs[i] = s.Ref(i)
	}
	return refs
}

// Part is one point, line or ring: x and y of its vertices in turn, for each
// vertex the first zoom that needs it, and whether it is a hole.
func (s *Shape) Part(i int) (xy []uint32, levels Levels, hole bool) {
	start, end, hole := s.span(i)
	all := s.vertices()
	return all[2*start : 2*end], Levels{s.data[int(s.fields)+int(s.parts)+len(all):], start}, hole
}

// vertices is x and y of all vertices in turn.
func (s *Shape) vertices() []uint32 {
	if s.parts == 0 {
		return nil
	}
	first := int(s.fields) + int(s.parts)
	return s.data[first:][:2*int(s.data[first-1]>>1)]
}

func (s *Shape) span(i int) (start, end int, hole bool) {
	heads := s.data[s.fields:][:s.parts]
	if i > 0 {
		start = int(heads[i-1] >> 1)
	}
	return start, int(heads[i] >> 1), heads[i]&1 == 0
}

// first is the first vertex.
func (s *Shape) first() geo.Position {
	at := uint32(s.fields) + s.parts
	return geo.At(s.data[at], s.data[at+1])
}

// same reports whether the shapes have the same geometry and attributes.
func (s *Shape) same(o *Shape) bool {
	return s.parts == o.parts && slices.Equal(s.data, o.data)
}

// moved is a copy whose data are in the slab.
func (s *Shape) moved(slab *slab) Shape {
	c := *s
	c.data = slab.take(s.data)
	return c
}

// slab hands out memory for many small slices that will be read together.
type slab struct{ data []uint32 }

// slabSize is how many values are allocated at once: few allocations, and no
// great loss while one survivor holds on to the memory of its former neighbours.
const slabSize = 1 << 14

func (b *slab) take(data []uint32) []uint32 {
	if len(data) > cap(b.data)-len(b.data) {
		b.data = make([]uint32, 0, max(slabSize, len(data)))
	}
	i := len(b.data)
	b.data = append(b.data, data...)
	return b.data[i:len(b.data):len(b.data)]
}

// geometry is the shape in degrees, nil when it has none.
func (s *Shape) geometry(kind geo.Kind) orb.Geometry {
	var runs []orb.LineString
	var polygons orb.MultiPolygon
	for i := range s.Parts() {
		xy, _, hole := s.Part(i)
		run := make(orb.LineString, 0, len(xy)/2+1)
		for j := 0; j < len(xy); j += 2 {
			run = append(run, geo.At(xy[j], xy[j+1]).Point())
		}
		runs = append(runs, run)
		if kind != geo.Polygon {
			continue
		}
		ring := orb.Ring(append(run, run[0]))
		if !hole {
			polygons = append(polygons, nil)
		}
		polygons[len(polygons)-1] = append(polygons[len(polygons)-1], ring)
	}
	switch {
	case len(runs) == 0:
		return nil
	case kind == geo.Point:
		points := make(orb.MultiPoint, len(runs))
		for i, r := range runs {
			points[i] = r[0]
		}
		return points
	case kind == geo.Line && len(runs) == 1:
		return runs[0]
	case kind == geo.Line:
		return orb.MultiLineString(runs)
	case len(polygons) == 1:
		return polygons[0]
	default:
		return polygons
	}
}
