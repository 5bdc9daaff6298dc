package geojson

import (
	"yizhan/geo"
	"yizhan/importer/record"
	"yizhan/internal/lang"
)

// positions reads the coordinates of a GeoJSON geometry into a shape.
type positions struct {
	shape *record.Shape
	in    []byte // JSON that the decoder has found well-formed
	at    int
	most  int // vertices allowed
}

// read fills the shape from a geometry's type and coordinates.
func (g *positions) read(name, coordinates []byte) *record.Fault {
	g.in, g.at = coordinates, 0
	kind, multi := kindOf(string(name))
	g.shape.Kind, g.shape.Multi = kind, multi
	switch {
	case kind == "":
		return &record.Fault{Reason: record.WrongKind, Value: record.Short(name),
			Detail: lang.Bothf("expected a point, a line or a polygon")}
	case len(coordinates) == 0 || string(coordinates) == "null":
		return &record.Fault{Reason: record.EmptyGeometry}
	case multi:
		n, fault := g.elements(func() *record.Fault { return g.part(kind) })
		if fault == nil && n == 0 {
			fault = &record.Fault{Reason: record.EmptyGeometry}
		}
		return fault
	}
	return g.part(kind)
}

// kindOf is what a GeoJSON type is (RFC 7946, 3.1): its kind, and whether it is multiple.
func kindOf(name string) (kind geo.Kind, multi bool) {
	switch name {
	case "Point":
		return geo.Point, false
	case "MultiPoint":
		return geo.Point, true
	case "LineString":
		return geo.Line, false
	case "MultiLineString":
		return geo.Line, true
	case "Polygon":
		return geo.Polygon, false
	case "MultiPolygon":
		return geo.Polygon, true
	}
	return "", false
}

func (g *positions) part(kind geo.Kind) *record.Fault {
	switch kind {
	case geo.Point:
		return g.point()
	case geo.Line:
		return g.line()
	}
	return g.polygon()
}

// elements reads an array.
func (g *positions) elements(element func() *record.Fault) (int, *record.Fault) {
	if g.at = skipSpace(g.in, g.at); g.in[g.at] != '[' {
		return 0, &record.Fault{Reason: record.BadCoordinates}
	}
	g.at = skipSpace(g.in, g.at+1)
	for n := 0; ; n++ {
		if g.in[g.at] == ']' {
			g.at++
			return n, nil
		}
		if fault := element(); fault != nil {
			return n, fault
		}
		if g.at = skipSpace(g.in, g.at); g.in[g.at] == ',' {
			g.at = skipSpace(g.in, g.at+1)
		}
	}
}

// point reads one position (RFC 7946, 3.1.1): two numbers, and perhaps a height
// and more, which are left out.
func (g *positions) point() *record.Fault {
	if g.at = skipSpace(g.in, g.at); g.in[g.at] != '[' {
		return &record.Fault{Reason: record.BadCoordinates}
	}
	g.at = skipSpace(g.in, g.at+1)
	var at [2]float64
	n := 0
	for ; g.in[g.at] != ']'; n++ {
		v, ok := g.number()
		if !ok {
			return &record.Fault{Reason: record.BadCoordinates}
		}
		if n < 2 {
			at[n] = v
		}
		if g.at = skipSpace(g.in, g.at); g.in[g.at] == ',' {
			g.at = skipSpace(g.in, g.at+1)
		}
	}
	g.at++
	switch n {
	case 0:
		return &record.Fault{Reason: record.EmptyGeometry}
	case 1:
		return &record.Fault{Reason: record.BadCoordinates}
	}
	g.shape.Flattened = g.shape.Flattened || n > 2
	if g.shape.Vertices() >= g.most {
		return record.TooManyVertices(g.most)
	}
	g.shape.Add(at[0], at[1])
	return nil
}

func (g *positions) line() *record.Fault {
	n, fault := g.elements(g.point)
	switch {
	case fault != nil:
		return fault
	case n == 0:
		return &record.Fault{Reason: record.EmptyGeometry}
	case n == 1:
		return record.ShortLine()
	}
	g.shape.EndLine()
	return nil
}

func (g *positions) polygon() *record.Fault {
	n, fault := g.elements(g.ring)
	if fault == nil && n == 0 {
		return &record.Fault{Reason: record.EmptyGeometry}
	}
	g.shape.EndPolygon()
	return fault
}

// ring reads a linear ring (RFC 7946, 3.1.6): four positions or more, the last equal to the first.
func (g *positions) ring() *record.Fault {
	start := len(g.shape.Coordinates)
	if _, fault := g.elements(g.point); fault != nil {
		return fault
	}
	g.shape.EndLine()
	return record.CheckRing(g.shape.Coordinates[start:])
}
