package index

import (
	"encoding/binary"
	"math"

	"yizhan/geo"
	"yizhan/internal/lang"
)

// Flags of EWKB types (PostGIS, doc/ZMSgeoms.txt); ISO adds 1000, 2000 and 3000
// for Z, M and ZM instead (OGC 06-103r4, 8.2.3).
const (
	ewkbZ    = 0x80000000
	ewkbM    = 0x40000000
	ewkbSRID = 0x20000000
)

// WKB geometry types; the multiple of a type is three more.
const (
	wkbPoint   = 1
	wkbLine    = 2
	wkbPolygon = 3
	wkbMulti   = 3
)

// parser reads the geometry of one feature after the other, reusing its memory.
// Z and M are read over. Points, lines and rings all arrive in positions, one
// part after the other.
type parser struct {
	wkb       []byte
	positions []geo.Position
	parts     []parsedPart
}

// parsedPart is one point, line or ring.
type parsedPart struct {
	end   int  // of its positions
	outer bool // of a polygon; false for a hole
}

// read parses WKB or EWKB in degrees, which must be of the kind. An empty
// geometry leaves no parts.
func (p *parser) read(kind geo.Kind, wkb []byte) error {
	p.wkb, p.positions, p.parts = wkb, p.positions[:0], p.parts[:0]
	var want uint32
	switch kind {
	case geo.Point:
		want = wkbPoint
	case geo.Line:
		want = wkbLine
	case geo.Polygon:
		want = wkbPolygon
	default:
		return lang.Errorf("layer kind %q has no geometry: %w", kind, geo.ErrInvalid)
	}
	if err := p.geometry(want, true); err != nil {
		return err
	}
	if len(p.wkb) > 0 {
		return lang.Errorf("geometry: %d unexpected bytes at the end: %w", len(p.wkb), geo.ErrInvalid)
	}
	return nil
}

// header is the start of a geometry.
type header struct {
	order  binary.ByteOrder
	kind   uint32 // 1 to 6
	stride int    // bytes of a coordinate
}

func (p *parser) header() (header, error) {
	var h header
	if len(p.wkb) < 5 || p.wkb[0] > 1 {
		return h, errTruncated
	}
	h.order = binary.BigEndian
	if p.wkb[0] == 1 {
		h.order = binary.LittleEndian
	}
	code := h.order.Uint32(p.wkb[1:])
	p.wkb = p.wkb[5:]
	h.stride = 16
	if code&ewkbZ != 0 {
		h.stride += 8
	}
	if code&ewkbM != 0 {
		h.stride += 8
	}
	if code&ewkbSRID != 0 {
		srid, err := p.count(h, 0)
		if err != nil {
			return h, err
		}
		if srid != 0 && srid != 4326 && srid != 4490 {
			return h, lang.Errorf("geometry: SRID %d must be 4326: %w", srid, geo.ErrInvalid)
		}
	}
	code &^= ewkbZ | ewkbM | ewkbSRID
	if code < 4000 {
		h.stride += []int{0, 8, 8, 16}[code/1000]
		code %= 1000
	}
	h.kind = code
	return h, nil
}

var errTruncated = lang.Errorf("geometry: invalid or truncated well-known binary: %w", geo.ErrInvalid)

// count reads a number of things that take at least size bytes each.
func (p *parser) count(h header, size int) (int, error) {
	if len(p.wkb) < 4 {
		return 0, errTruncated
	}
	n := int64(h.order.Uint32(p.wkb))
	p.wkb = p.wkb[4:]
	if n*int64(size) > int64(len(p.wkb)) {
		return 0, errTruncated
	}
	return int(n), nil
}

// geometry reads one geometry of the wanted type, or several of it when multi.
func (p *parser) geometry(want uint32, multi bool) error {
	h, err := p.header()
	if err != nil {
		return err
	}
	switch {
	case h.kind == want+wkbMulti && multi:
		n, err := p.count(h, 5)
		for i := 0; i < n && err == nil; i++ {
			err = p.geometry(want, false)
		}
		return err
	case h.kind != want:
		return lang.Errorf("geometry: type %d does not match the layer's type %d: %w", h.kind, want, geo.ErrInvalid)
	case want == wkbPoint:
		return p.point(h)
	case want == wkbLine:
		return p.run(h, true)
	}
	n, err := p.count(h, 4)
	for i := 0; i < n && err == nil; i++ {
		err = p.run(h, i == 0)
	}
	return err
}

// point reads a point; one whose coordinates are both NaN is empty.
func (p *parser) point(h header) error {
	if len(p.wkb) < h.stride {
		return errTruncated
	}
	if math.IsNaN(number(h, p.wkb)) && math.IsNaN(number(h, p.wkb[8:])) {
		p.wkb = p.wkb[h.stride:]
		return nil
	}
	if err := p.coordinates(h, 1); err != nil {
		return err
	}
	p.parts = append(p.parts, parsedPart{end: len(p.positions), outer: true})
	return nil
}

// run reads a line or a ring, which may be empty.
func (p *parser) run(h header, outer bool) error {
	n, err := p.count(h, h.stride)
	if err != nil {
		return err
	}
	if err := p.coordinates(h, n); err != nil {
		return err
	}
	p.parts = append(p.parts, parsedPart{end: len(p.positions), outer: outer})
	return nil
}

func (p *parser) coordinates(h header, n int) error {
	for range n {
		at, err := geo.Project(number(h, p.wkb), number(h, p.wkb[8:]))
		if err != nil {
			return err
		}
		p.positions = append(p.positions, at)
		p.wkb = p.wkb[h.stride:]
	}
	return nil
}

func number(h header, b []byte) float64 { return math.Float64frombits(h.order.Uint64(b)) }

// quickPoint reads a plain little-endian point, as PostGIS sends it, the fast way.
func quickPoint(wkb []byte) (geo.Position, bool) {
	at := 5
	switch {
	case len(wkb) == 25 && wkb[0] == 1 && binary.LittleEndian.Uint32(wkb[1:]) == wkbPoint|ewkbSRID &&
		binary.LittleEndian.Uint32(wkb[5:]) == 4326:
		at = 9
	case len(wkb) == 21 && wkb[0] == 1 && binary.LittleEndian.Uint32(wkb[1:]) == wkbPoint:
	default:
		return 0, false
	}
	lon := math.Float64frombits(binary.LittleEndian.Uint64(wkb[at:]))
	lat := math.Float64frombits(binary.LittleEndian.Uint64(wkb[at+8:]))
	p, err := geo.Project(lon, lat)
	return p, err == nil
}
