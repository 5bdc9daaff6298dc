package gpkg

import (
	"encoding/binary"
	"fmt"
	"math"

	"yizhan/geo"
	"yizhan/importer/record"
	"yizhan/internal/lang"
)

// wkb reads one well-known binary geometry (OGC 06-103r4, 8.2; ISO/IEC 13249-3,
// 5.1.67) into a shape. Counts are checked against the remaining bytes before memory is
// allocated for them.
type wkb struct {
	b     []byte
	shape *record.Shape
	most  int // vertices
}

// header begins a geometry: its type without dimensions, and how its numbers are
// written.
type header struct {
	order binary.ByteOrder
	code  uint32 // 1 point, 2 line, 3 polygon, 4-6 multiples of these, others
	size  int    // bytes of a vertex: 16, 24 or 32
}

// parseWKB fills the shape from well-known binary, either ISO (1001, 2001, 3001) or
// PostGIS's extended form, in both byte orders. Heights and measures are dropped;
// a point of NaN is empty; curves, surfaces and collections are of the wrong kind.
func parseWKB(b []byte, s *record.Shape, l record.Limits) *record.Fault {
	s.Reset()
	r := wkb{b: b, shape: s, most: l.Vertices}
	h, fault := r.head()
	if fault != nil {
		return fault
	}
	kind, multi := wkbKind(h.code)
	if kind == "" {
		return wrongType(wkbName(h.code))
	}
	s.Kind, s.Multi = kind, multi
	if fault = r.geometry(h); fault != nil {
		return fault
	}
	switch {
	case len(r.b) > 0:
		return badGeometry(lang.Bothf("%d bytes follow the geometry", len(r.b)))
	case s.Vertices() == 0:
		return &record.Fault{Reason: record.EmptyGeometry}
	}
	return nil
}

func wkbKind(code uint32) (kind geo.Kind, multi bool) {
	switch code {
	case 1, 4:
		return geo.Point, code == 4
	case 2, 5:
		return geo.Line, code == 5
	case 3, 6:
		return geo.Polygon, code == 6
	}
	return "", false
}

// wkbName is the name of a type (ISO/IEC 13249-3, table 15).
func wkbName(code uint32) string {
	names := [...]string{"Geometry", "Point", "LineString", "Polygon", "MultiPoint", "MultiLineString",
		"MultiPolygon", "GeometryCollection", "CircularString", "CompoundCurve", "CurvePolygon", "MultiCurve",
		"MultiSurface", "Curve", "Surface", "PolyhedralSurface", "TIN", "Triangle"}
	if int64(code) < int64(len(names)) {
		return names[code]
	}
	return fmt.Sprintf("WKB type %d", code)
}

// head reads byte order, type and, in the extended form, the SRID, which is ignored:
// the table declares it.
func (r *wkb) head() (header, *record.Fault) {
	if len(r.b) < 5 {
		return header{}, incomplete()
	}
	h := header{order: binary.LittleEndian, size: 16}
	switch r.b[0] {
	case 0:
		h.order = binary.BigEndian
	case 1:
	default:
		return h, badGeometry(lang.Bothf("not well-known binary"))
	}
	code := h.order.Uint32(r.b[1:])
	r.b = r.b[5:]
	const z, m, srid = 0x80000000, 0x40000000, 0x20000000
	if code&srid != 0 {
		if len(r.b) < 4 {
			return h, incomplete()
		}
		r.b = r.b[4:]
	}
	dimensions := 0
	for _, flag := range []uint32{z, m} {
		if code&flag != 0 {
			dimensions++
		}
	}
	code &^= z | m | srid
	if thousands := code / 1000; thousands >= 1 && thousands <= 3 {
		dimensions = int(thousands+1) / 2 // Z, M: one; ZM: two
		code %= 1000
	}
	h.code, h.size = code, 16+8*dimensions
	r.shape.Flattened = r.shape.Flattened || dimensions > 0
	return h, nil
}

func (r *wkb) geometry(h header) *record.Fault {
	switch h.code {
	case 1:
		return r.point(h)
	case 2:
		return r.line(h)
	case 3:
		return r.polygon(h)
	}
	const least = 9 // bytes of a part: its head and a count
	n, fault := r.count(h, least)
	for i := 0; i < n && fault == nil; i++ {
		var part header
		if part, fault = r.head(); fault != nil {
			break
		}
		if part.code != h.code-3 {
			return &record.Fault{Reason: record.BadCoordinates, Value: wkbName(part.code),
				Detail: lang.Bothf("a part of the %s is of another type", wkbName(h.code))}
		}
		fault = r.geometry(part)
	}
	return fault
}

// count reads the number of items that follow, each of size bytes or more.
func (r *wkb) count(h header, size int) (int, *record.Fault) {
	if len(r.b) < 4 {
		return 0, incomplete()
	}
	n := h.order.Uint32(r.b)
	r.b = r.b[4:]
	if int64(n)*int64(size) > int64(len(r.b)) {
		return 0, incomplete()
	}
	return int(n), nil
}

// point reads a point. An empty one is skipped; alone it is an empty geometry.
func (r *wkb) point(h header) *record.Fault {
	if len(r.b) < h.size {
		return incomplete()
	}
	x, y := h.float(r.b), h.float(r.b[8:])
	if math.IsNaN(x) && math.IsNaN(y) {
		r.b = r.b[h.size:]
		return nil
	}
	return r.vertices(h, 1)
}

func (r *wkb) line(h header) *record.Fault {
	n, fault := r.count(h, h.size)
	switch {
	case fault != nil || n == 0:
		return fault
	case n == 1:
		return record.ShortLine()
	}
	if fault = r.vertices(h, n); fault == nil {
		r.shape.EndLine()
	}
	return fault
}

func (r *wkb) polygon(h header) *record.Fault {
	rings, fault := r.count(h, 4)
	if fault != nil || rings == 0 {
		return fault
	}
	for range rings {
		if fault = r.ring(h); fault != nil {
			return fault
		}
	}
	r.shape.EndPolygon()
	return nil
}

// ring reads a linear ring (OGC 06-103r4, 6.1.11.1): four points or more, the last equal to the first.
func (r *wkb) ring(h header) *record.Fault {
	n, fault := r.count(h, h.size)
	if fault != nil {
		return fault
	}
	if n < 4 {
		return record.ShortRing(n)
	}
	first := len(r.shape.Coordinates)
	if fault = r.vertices(h, n); fault != nil {
		return fault
	}
	r.shape.EndLine()
	return record.CheckRing(r.shape.Coordinates[first:])
}

// vertices reads n vertices, whose bytes are known to be there.
func (r *wkb) vertices(h header, n int) *record.Fault {
	if r.shape.Vertices()+n > r.most {
		return record.TooManyVertices(r.most)
	}
	for range n {
		x, y := h.float(r.b), h.float(r.b[8:])
		if math.IsNaN(x-x) || math.IsNaN(y-y) {
			return record.NotFinite(x, y)
		}
		r.shape.Add(x, y)
		r.b = r.b[h.size:]
	}
	return nil
}

func (h header) float(b []byte) float64 { return math.Float64frombits(h.order.Uint64(b)) }
