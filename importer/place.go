package importer

import (
	"encoding/binary"
	"math"
	"strconv"

	"yizhan/geo"
	"yizhan/importer/crs"
	"yizhan/importer/format"
	"yizhan/importer/record"
	"yizhan/internal/lang"
)

// Codes of the well-known binary form (OGC 06-103r4, 8.2.3) and PostGIS's flag for an SRID.
const (
	wkbPoint   = 1
	wkbLine    = 2
	wkbPolygon = 3
	wkbMulti   = 3 // added to a single type
	wkbSRID    = 0x20000000
)

// Place says how the coordinates of a file are read. Degrees become those of WGS 84
// here; metres are left as they are, for PROJ to project.
type Place struct {
	Swapped bool      // the file has northing or latitude first
	Degrees bool      // longitude and latitude
	Datum   geo.Datum // of degrees
	Within  crs.Box   // where metres may lie, x to the east
	SRID    uint32    // that geometries are marked with
}

// WGS84 is the place of a file of longitude and latitude.
func WGS84() Place { return Place{Degrees: true, Datum: geo.WGS84, SRID: 4326} }

// placer turns shapes into checked geometries. One goroutine uses it.
type placer struct {
	Place
	target *Target
	out    []byte
}

// encode writes a shape as EWKB of the target's type: single geometries become
// multiple ones where the column is multiple, and a multiple one of one part
// becomes single where it is single.
func (p *placer) encode(s *format.Shape) ([]byte, error) {
	kind := p.target.Layer.Kind
	if s.Kind != kind {
		return nil, &flaw{reason: record.WrongKind, detail: func() lang.Label {
			return lang.Bothf("%s, but the layer holds %s", kindTitle(s.Kind), kindTitle(kind))
		}}
	}
	if err := p.move(s.Coordinates); err != nil {
		return nil, err
	}
	p.out = p.out[:0]
	code, parts := wkbCode(kind), p.parts(s)
	switch {
	case parts == 0:
		return nil, &flaw{reason: record.EmptyGeometry}
	case parts > 1 && !p.target.Multi:
		return nil, &flaw{reason: record.SeveralParts}
	case p.target.Multi:
		p.header(code+wkbMulti, true)
		p.count(parts)
	}
	vertex, ring := 0, 0
	for i := range parts {
		p.header(code, !p.target.Multi)
		switch kind {
		case geo.Point:
			p.vertices(s, i, i+1)
		case geo.Line:
			p.count(s.Ends[i] - vertex)
			p.vertices(s, vertex, s.Ends[i])
			vertex = s.Ends[i]
		default:
			p.count(s.Parts[i] - ring)
			for ; ring < s.Parts[i]; ring++ {
				p.count(s.Ends[ring] - vertex)
				p.vertices(s, vertex, s.Ends[ring])
				vertex = s.Ends[ring]
			}
		}
	}
	return p.out, nil
}

func wkbCode(kind geo.Kind) uint32 {
	switch kind {
	case geo.Point:
		return wkbPoint
	case geo.Line:
		return wkbLine
	}
	return wkbPolygon
}

func (p *placer) parts(s *format.Shape) int {
	switch s.Kind {
	case geo.Point:
		return s.Vertices()
	case geo.Line:
		return len(s.Ends)
	}
	return len(s.Parts)
}

func (p *placer) header(code uint32, outer bool) {
	p.out = append(p.out, 1)
	if !outer {
		p.out = binary.LittleEndian.AppendUint32(p.out, code)
		return
	}
	p.out = binary.LittleEndian.AppendUint32(p.out, code|wkbSRID)
	p.out = binary.LittleEndian.AppendUint32(p.out, p.SRID)
}

func (p *placer) count(n int) { p.out = binary.LittleEndian.AppendUint32(p.out, uint32(n)) }

func (p *placer) vertices(s *format.Shape, from, to int) {
	for _, v := range s.Coordinates[2*from : 2*to] {
		p.out = binary.LittleEndian.AppendUint64(p.out, math.Float64bits(v))
	}
}

// move puts the coordinates in order, checks them, and takes degrees to WGS 84.
func (p *placer) move(xy []float64) error {
	for i := 0; i+1 < len(xy); i += 2 {
		x, y := xy[i], xy[i+1]
		if p.Swapped {
			x, y = y, x
		}
		switch {
		case !p.Degrees:
			if !inside(p.Within, x, y) {
				return &flaw{reason: record.OutsideCity, value: pair(x, y),
					detail: func() lang.Label { return lang.Bothf("not in the city in this coordinate system") }}
			}
		case !(math.Abs(x) <= 180 && math.Abs(y) <= 90):
			return outside(x, y)
		default:
			if p.Datum != geo.WGS84 {
				x, y = p.Datum.ToWGS84(x, y)
			}
			if city := p.target.City; city != nil && !inside(*city, x, y) {
				return outOfCity(*city, x, y)
			}
		}
		xy[i], xy[i+1] = x, y
	}
	return nil
}

func inside(b crs.Box, x, y float64) bool {
	return x >= b.West && x <= b.East && y >= b.South && y <= b.North
}

// outside is the flaw of a position beyond ±180/±90; where the two numbers the
// other way round would do, it says so.
func outside(x, y float64) error {
	f := &flaw{reason: record.OutOfRange, value: pair(x, y)}
	if math.Abs(x) <= 90 && math.Abs(y) <= 180 {
		f.reason = record.SwappedAxes
	}
	return f
}

// outOfCity is the flaw of a position outside the city's box.
func outOfCity(city crs.Box, x, y float64) error {
	f := &flaw{reason: record.OutsideCity, value: pair(x, y)}
	f.detail = func() lang.Label {
		switch {
		case inside(city, y, x):
			return lang.Bothf("longitude and latitude may be swapped: swapped, the point lies in the city")
		case x == 0 && y == 0:
			return lang.Bothf("possibly not surveyed")
		}
		return lang.Bothf("the city lies within longitude %s, latitude %s",
			lang.Range(formatNumber(city.West), formatNumber(city.East)),
			lang.Range(formatNumber(city.South), formatNumber(city.North)))
	}
	return f
}

func pair(x, y float64) string { return formatNumber(x) + ", " + formatNumber(y) }

func formatNumber(v float64) string { return strconv.FormatFloat(v, 'f', -1, 64) }
