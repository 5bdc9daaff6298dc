package importer

import (
	"encoding/binary"
	"errors"
	"math"

	"github.com/go-faster/jx"

	"yizhan/geo"
)

// flaw is a reason for rejection as an error inside the parser.
type flaw struct {
	reason Reason
	detail string
}

func (f *flaw) Error() string { return string(f.reason) }

// Codes of the well-known binary form (OGC 06-103r4, 8.2.3) and PostGIS's flag for an SRID.
const (
	wkbPoint   = 1
	wkbLine    = 2
	wkbPolygon = 3
	wkbMulti   = 3 // added to a single type
	wkbSRID    = 0x20000000
	srid       = 4326
)

// shapes maps GeoJSON types to the kind and to whether they are multiple.
func shape(name string) (kind geo.Kind, code uint32, multi, known bool) {
	switch name {
	case "Point":
		return geo.Point, wkbPoint, false, true
	case "MultiPoint":
		return geo.Point, wkbPoint, true, true
	case "LineString":
		return geo.Line, wkbLine, false, true
	case "MultiLineString":
		return geo.Line, wkbLine, true, true
	case "Polygon":
		return geo.Polygon, wkbPolygon, false, true
	case "MultiPolygon":
		return geo.Polygon, wkbPolygon, true, true
	}
	return "", 0, false, false
}

// geometry writes the coordinates of one geometry as EWKB.
type geometry struct {
	out       []byte
	decoder   *jx.Decoder
	vertices  int
	most      int // vertices allowed
	flattened bool
}

// encode turns the raw coordinates of a GeoJSON geometry into EWKB of the target's type.
func (g *geometry) encode(kindName string, coordinates []byte, t *Target) error {
	g.out, g.vertices, g.flattened = g.out[:0], 0, false
	kind, code, multi, known := shape(kindName)
	if !known || kind != t.Layer.Kind {
		return &flaw{WrongKind, kindName}
	}
	if len(coordinates) == 0 {
		return &flaw{EmptyGeometry, ""}
	}
	g.decoder.ResetBytes(coordinates)
	part := map[uint32]func() error{wkbPoint: g.point, wkbLine: g.line, wkbPolygon: g.polygon}[code]
	switch {
	case t.Multi && multi:
		return g.several(code, true, part)
	case t.Multi:
		g.header(code+wkbMulti, true)
		g.out = binary.LittleEndian.AppendUint32(g.out, 1)
		g.header(code, false)
		return part()
	case multi:
		return g.only(code, part)
	}
	g.header(code, true)
	return part()
}

func (g *geometry) header(code uint32, outer bool) {
	g.out = append(g.out, 1)
	if !outer {
		g.out = binary.LittleEndian.AppendUint32(g.out, code)
		return
	}
	g.out = binary.LittleEndian.AppendUint32(g.out, code|wkbSRID)
	g.out = binary.LittleEndian.AppendUint32(g.out, srid)
}

// several writes a multiple geometry.
func (g *geometry) several(code uint32, outer bool, part func() error) error {
	g.header(code+wkbMulti, outer)
	n, err := g.counted(func() error {
		g.header(code, false)
		return part()
	})
	if err == nil && n == 0 {
		return &flaw{EmptyGeometry, ""}
	}
	return err
}

// only writes a multiple geometry of one part as that part, for a layer of single ones.
func (g *geometry) only(code uint32, part func() error) error {
	n := 0
	g.header(code, true)
	err := g.array(func() error {
		if n++; n > 1 {
			return &flaw{WrongKind, "several parts in a layer of single geometries"}
		}
		return part()
	})
	if err == nil && n == 0 {
		return &flaw{EmptyGeometry, ""}
	}
	return err
}

// counted writes the number of elements, then the elements.
func (g *geometry) counted(element func() error) (int, error) {
	at, n := len(g.out), 0
	g.out = append(g.out, 0, 0, 0, 0)
	err := g.array(func() error {
		n++
		return element()
	})
	binary.LittleEndian.PutUint32(g.out[at:], uint32(n))
	return n, err
}

// array reads an array; what is not one has bad coordinates.
func (g *geometry) array(element func() error) error {
	if g.decoder.Next() != jx.Array {
		return &flaw{BadCoordinates, ""}
	}
	err := g.decoder.Arr(func(*jx.Decoder) error { return element() })
	var known *flaw
	if err != nil && !errors.As(err, &known) {
		return &flaw{BadCoordinates, ""}
	}
	return err
}

// point reads one position (RFC 7946, 3.1.1): longitude, latitude, and perhaps a height that is left out.
func (g *geometry) point() error {
	n := 0
	var place [2]float64
	err := g.array(func() error {
		if g.decoder.Next() != jx.Number {
			return &flaw{BadCoordinates, ""}
		}
		v, err := g.decoder.Float64()
		if err != nil || math.IsInf(v, 0) || math.IsNaN(v) {
			return &flaw{BadCoordinates, ""}
		}
		if n < 2 {
			place[n] = v
		}
		n++
		return nil
	})
	switch {
	case err != nil:
		return err
	case n == 0:
		return &flaw{EmptyGeometry, ""}
	case n == 1:
		return &flaw{BadCoordinates, "a position needs longitude and latitude"}
	case math.Abs(place[0]) > 180 || math.Abs(place[1]) > 90:
		return &flaw{OutOfRange, formatPlace(place)}
	}
	g.flattened = g.flattened || n > 2
	if g.vertices++; g.vertices > g.most {
		return &flaw{TooLarge, "vertices"}
	}
	g.out = binary.LittleEndian.AppendUint64(g.out, math.Float64bits(place[0]))
	g.out = binary.LittleEndian.AppendUint64(g.out, math.Float64bits(place[1]))
	return nil
}

func (g *geometry) line() error {
	n, err := g.counted(g.point)
	switch {
	case err != nil:
		return err
	case n == 0:
		return &flaw{EmptyGeometry, ""}
	case n == 1:
		return &flaw{BadCoordinates, "a line needs two positions"}
	}
	return nil
}

func (g *geometry) polygon() error {
	n, err := g.counted(g.ring)
	if err == nil && n == 0 {
		return &flaw{EmptyGeometry, ""}
	}
	return err
}

// ring reads a linear ring (RFC 7946, 3.1.6): four positions or more, the last equal to the first.
func (g *geometry) ring() error {
	start := len(g.out) + 4
	n, err := g.counted(g.point)
	if err != nil {
		return err
	}
	if n < 4 {
		return &flaw{BadRing, ""}
	}
	first, last := g.out[start:start+16], g.out[len(g.out)-16:]
	if string(first) != string(last) {
		return &flaw{BadRing, ""}
	}
	return nil
}
