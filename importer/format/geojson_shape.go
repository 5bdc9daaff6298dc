package format

import (
	"strconv"

	"yizhan/geo"
)

// positions reads the coordinates of a GeoJSON geometry into a shape.
type positions struct {
	shape *Shape
	in    []byte // JSON that the decoder has found well-formed
	at    int
	most  int // vertices allowed
}

// read fills the shape from a geometry's type and coordinates.
func (g *positions) read(name, coordinates []byte) *Fault {
	g.in, g.at = coordinates, 0
	kind, multi := geoJSONKind(string(name))
	g.shape.Kind, g.shape.Multi = kind, multi
	switch {
	case kind == "":
		return &Fault{Reason: WrongKind, Value: clip(string(name)), Detail: label("应为点、线或面", "a point, a line or a polygon is wanted")}
	case len(coordinates) == 0 || string(coordinates) == "null":
		return &Fault{Reason: EmptyGeometry}
	case multi:
		n, fault := g.elements(func() *Fault { return g.part(kind) })
		if fault == nil && n == 0 {
			fault = &Fault{Reason: EmptyGeometry}
		}
		return fault
	}
	return g.part(kind)
}

// geoJSONKind is what a GeoJSON type is (RFC 7946, 3.1): its kind, and whether it is multiple.
func geoJSONKind(name string) (kind geo.Kind, multi bool) {
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

func (g *positions) part(kind geo.Kind) *Fault {
	switch kind {
	case geo.Point:
		return g.point()
	case geo.Line:
		return g.line()
	}
	return g.polygon()
}

// elements reads an array.
func (g *positions) elements(element func() *Fault) (int, *Fault) {
	if g.at = skipSpace(g.in, g.at); g.in[g.at] != '[' {
		return 0, &Fault{Reason: BadCoordinates}
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
func (g *positions) point() *Fault {
	if g.at = skipSpace(g.in, g.at); g.in[g.at] != '[' {
		return &Fault{Reason: BadCoordinates}
	}
	g.at = skipSpace(g.in, g.at+1)
	var at [2]float64
	n := 0
	for ; g.in[g.at] != ']'; n++ {
		v, ok := g.number()
		if !ok {
			return &Fault{Reason: BadCoordinates}
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
		return &Fault{Reason: EmptyGeometry}
	case 1:
		return &Fault{Reason: BadCoordinates}
	}
	g.shape.Flattened = g.shape.Flattened || n > 2
	if g.shape.Vertices() >= g.most {
		return tooManyVertices(g.most)
	}
	g.shape.Add(at[0], at[1])
	return nil
}

// tooManyVertices is the fault of a shape beyond the limit.
func tooManyVertices(most int) *Fault {
	return &Fault{Reason: TooLarge, Detail: label("顶点超过 "+strconv.Itoa(most)+" 个", "more than "+strconv.Itoa(most)+" vertices")}
}

func (g *positions) line() *Fault {
	n, fault := g.elements(g.point)
	switch {
	case fault != nil:
		return fault
	case n == 0:
		return &Fault{Reason: EmptyGeometry}
	case n == 1:
		return &Fault{Reason: BadCoordinates, Detail: label("线至少要有两个点", "a line needs two points")}
	}
	g.shape.EndLine()
	return nil
}

func (g *positions) polygon() *Fault {
	n, fault := g.elements(g.ring)
	if fault == nil && n == 0 {
		return &Fault{Reason: EmptyGeometry}
	}
	g.shape.EndPolygon()
	return fault
}

// ring reads a linear ring (RFC 7946, 3.1.6): four positions or more, the last equal to the first.
func (g *positions) ring() *Fault {
	start := len(g.shape.Coordinates)
	if _, fault := g.elements(g.point); fault != nil {
		return fault
	}
	g.shape.EndLine()
	return checkRing(g.shape.Coordinates[start:])
}

// checkRing is the fault of a ring that is not closed or has fewer than four points.
func checkRing(xy []float64) *Fault {
	n := len(xy) / 2
	switch {
	case n < 4:
		return &Fault{Reason: BadRing, Detail: label("环只有 "+strconv.Itoa(n)+" 个点", "a ring has "+strconv.Itoa(n)+" points")}
	case xy[0] != xy[2*n-2] || xy[1] != xy[2*n-1]:
		return &Fault{Reason: BadRing, Detail: label("环的首尾点不同", "a ring's last point is not its first")}
	}
	return nil
}
