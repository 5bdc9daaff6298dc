package importer

import (
	"encoding/binary"
	"math"
	"strconv"

	"yizhan/geo"
)

// Codes of the well-known binary form (OGC 06-103r4, 8.2.3) and PostGIS's flag for an SRID.
const (
	wkbPoint   = 1
	wkbLine    = 2
	wkbPolygon = 3
	wkbMulti   = 3 // added to a single type
	wkbSRID    = 0x20000000
	srid       = 4326
)

// shape is what a GeoJSON type is: its kind, its code and whether it is multiple.
func shape(name string) (kind geo.Kind, code uint32, multi bool) {
	switch name {
	case "Point":
		return geo.Point, wkbPoint, false
	case "MultiPoint":
		return geo.Point, wkbPoint, true
	case "LineString":
		return geo.Line, wkbLine, false
	case "MultiLineString":
		return geo.Line, wkbLine, true
	case "Polygon":
		return geo.Polygon, wkbPolygon, false
	case "MultiPolygon":
		return geo.Polygon, wkbPolygon, true
	}
	return "", 0, false
}

func kindWanted(kind geo.Kind) geo.Label {
	switch kind {
	case geo.Point:
		return label("图层要的是点", "the layer holds points")
	case geo.Line:
		return label("图层要的是线", "the layer holds lines")
	}
	return label("图层要的是面", "the layer holds polygons")
}

// geometry writes the coordinates of one geometry as EWKB.
type geometry struct {
	out       []byte
	in        []byte // JSON that the decoder has found well-formed
	at        int
	vertices  int
	most      int // vertices allowed
	flattened bool
}

// encode turns the coordinates of a GeoJSON geometry into EWKB of the target's
// type: single geometries become multiple ones where the column is multiple, and
// a multiple one of one part becomes single where it is single.
func (g *geometry) encode(name, coordinates []byte, t *Target) error {
	g.out, g.in, g.at, g.vertices, g.flattened = g.out[:0], coordinates, 0, 0, false
	kind, code, multi := shape(string(name))
	switch {
	case kind != t.Layer.Kind:
		return &flaw{reason: WrongKind, value: clip(string(name)), detail: kindWanted(t.Layer.Kind)}
	case len(coordinates) == 0 || string(coordinates) == "null":
		return &flaw{reason: EmptyGeometry}
	case t.Multi && multi:
		g.header(code+wkbMulti, true)
		return g.several(code)
	case t.Multi:
		g.header(code+wkbMulti, true)
		g.out = binary.LittleEndian.AppendUint32(g.out, 1)
		g.header(code, false)
		return g.part(code)
	case multi:
		return g.only(code)
	}
	g.header(code, true)
	return g.part(code)
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

func (g *geometry) part(code uint32) error {
	switch code {
	case wkbPoint:
		return g.point()
	case wkbLine:
		return g.line()
	}
	return g.polygon()
}

// several writes the parts of a multiple geometry.
func (g *geometry) several(code uint32) error {
	n, err := g.list(func(int) error {
		g.header(code, false)
		return g.part(code)
	})
	if err == nil && n == 0 {
		return &flaw{reason: EmptyGeometry}
	}
	return err
}

// only writes a multiple geometry of one part as that part.
func (g *geometry) only(code uint32) error {
	g.header(code, true)
	n, err := g.elements(func(i int) error {
		if i > 0 {
			return &flaw{reason: SeveralParts}
		}
		return g.part(code)
	})
	if err == nil && n == 0 {
		return &flaw{reason: EmptyGeometry}
	}
	return err
}

// list writes the number of elements, then the elements.
func (g *geometry) list(element func(i int) error) (int, error) {
	at := len(g.out)
	g.out = append(g.out, 0, 0, 0, 0)
	n, err := g.elements(element)
	binary.LittleEndian.PutUint32(g.out[at:], uint32(n))
	return n, err
}

// elements reads an array.
func (g *geometry) elements(element func(i int) error) (int, error) {
	if g.at = skipSpace(g.in, g.at); g.in[g.at] != '[' {
		return 0, &flaw{reason: BadCoordinates}
	}
	g.at = skipSpace(g.in, g.at+1)
	for n := 0; ; n++ {
		if g.in[g.at] == ']' {
			g.at++
			return n, nil
		}
		if err := element(n); err != nil {
			return n, err
		}
		if g.at = skipSpace(g.in, g.at); g.in[g.at] == ',' {
			g.at = skipSpace(g.in, g.at+1)
		}
	}
}

// point reads one position (RFC 7946, 3.1.1): longitude, latitude, and perhaps a
// height and more, which are left out.
func (g *geometry) point() error {
	if g.at = skipSpace(g.in, g.at); g.in[g.at] != '[' {
		return &flaw{reason: BadCoordinates}
	}
	g.at = skipSpace(g.in, g.at+1)
	var lonLat [2]float64
	n := 0
	for ; g.in[g.at] != ']'; n++ {
		v, ok := g.number()
		if !ok {
			return &flaw{reason: BadCoordinates}
		}
		if n < 2 {
			lonLat[n] = v
		}
		if g.at = skipSpace(g.in, g.at); g.in[g.at] == ',' {
			g.at = skipSpace(g.in, g.at+1)
		}
	}
	g.at++
	switch {
	case n == 0:
		return &flaw{reason: EmptyGeometry}
	case n == 1:
		return &flaw{reason: BadCoordinates}
	case math.Abs(lonLat[0]) > 180 || math.Abs(lonLat[1]) > 90:
		return outside(lonLat)
	}
	g.flattened = g.flattened || n > 2
	if g.vertices++; g.vertices > g.most {
		return &flaw{reason: TooLarge, detail: label("顶点超过 "+strconv.Itoa(g.most)+" 个", "more than "+strconv.Itoa(g.most)+" vertices")}
	}
	g.out = binary.LittleEndian.AppendUint64(g.out, math.Float64bits(lonLat[0]))
	g.out = binary.LittleEndian.AppendUint64(g.out, math.Float64bits(lonLat[1]))
	return nil
}

// outside is the flaw of a position beyond ±180/±90; where the two numbers the
// other way round would do, it says so.
func outside(at [2]float64) error {
	f := &flaw{reason: OutOfRange, value: formatNumber(at[0]) + ", " + formatNumber(at[1])}
	if math.Abs(at[0]) <= 90 && math.Abs(at[1]) <= 180 {
		f.reason = SwappedAxes
	}
	return f
}

func formatNumber(v float64) string { return strconv.FormatFloat(v, 'f', -1, 64) }

func (g *geometry) line() error {
	n, err := g.list(func(int) error { return g.point() })
	switch {
	case err != nil:
		return err
	case n == 0:
		return &flaw{reason: EmptyGeometry}
	case n == 1:
		return &flaw{reason: BadCoordinates, detail: label("线至少要有两个点", "a line needs two points")}
	}
	return nil
}

func (g *geometry) polygon() error {
	n, err := g.list(func(int) error { return g.ring() })
	if err == nil && n == 0 {
		return &flaw{reason: EmptyGeometry}
	}
	return err
}

// ring reads a linear ring (RFC 7946, 3.1.6): four positions or more, the last equal to the first.
func (g *geometry) ring() error {
	start := len(g.out) + 4
	n, err := g.list(func(int) error { return g.point() })
	if err != nil {
		return err
	}
	if n < 4 {
		return &flaw{reason: BadRing, detail: label("环只有 "+strconv.Itoa(n)+" 个点", "a ring has "+strconv.Itoa(n)+" points")}
	}
	if string(g.out[start:start+16]) != string(g.out[len(g.out)-16:]) {
		return &flaw{reason: BadRing, detail: label("环的首尾点不同", "a ring's last point is not its first")}
	}
	return nil
}
