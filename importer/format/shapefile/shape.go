package shapefile

import (
	"encoding/binary"
	"math"

	"yizhan/geo"
	"yizhan/importer/record"
	"yizhan/internal/lang"
)

// shapeReader reads the content of one record of a .shp. Counts are checked
// against the bytes that are there before anything is kept.
type shapeReader struct {
	rings ringSorter
	most  int // vertices
}

const (
	shpBoxBytes   = 32 // of a bounding box
	shpPointBytes = 16
)

// read fills the shape (ESRI, tables 4 to 16). Z and M follow the points and are left out.
func (r *shapeReader) read(b []byte, s *record.Shape, most int) *record.Fault {
	r.most = most
	if len(b) < 4 {
		return shortShape()
	}
	code := int32(binary.LittleEndian.Uint32(b))
	b = b[4:]
	switch {
	case code == shpNull:
		return &record.Fault{Reason: record.NoGeometry}
	case code == shpMultiPatch:
		return &record.Fault{Reason: record.WrongKind, Value: shapeType(code),
			Detail: lang.Bothf("expected a point, a line or a polygon")}
	case !knownShape(code):
		return badShape(lang.Bothf("shape type %d does not exist", code))
	}
	plain, more := plainShape(code)
	s.Kind, s.Flattened = shapeKind(code), more
	switch plain {
	case shpPoint:
		return r.point(b, s)
	case shpMultiPoint:
		s.Multi = true
		return r.points(b, s)
	}
	return r.parts(b, s)
}

func (r *shapeReader) point(b []byte, s *record.Shape) *record.Fault {
	if len(b) < shpPointBytes {
		return shortShape()
	}
	if x, y := shpFloat(b), shpFloat(b[8:]); math.IsNaN(x) && math.IsNaN(y) {
		return &record.Fault{Reason: record.EmptyGeometry}
	}
	return r.vertices(b, 1, s)
}

func (r *shapeReader) points(b []byte, s *record.Shape) *record.Fault {
	if len(b) < shpBoxBytes+4 {
		return shortShape()
	}
	n := int64(binary.LittleEndian.Uint32(b[shpBoxBytes:]))
	b = b[shpBoxBytes+4:]
	switch {
	case n == 0:
		return &record.Fault{Reason: record.EmptyGeometry}
	case n*shpPointBytes > int64(len(b)):
		return shortShape()
	}
	return r.vertices(b, int(n), s)
}

// parts reads the lines of a PolyLine or the rings of a Polygon.
func (r *shapeReader) parts(b []byte, s *record.Shape) *record.Fault {
	if len(b) < shpBoxBytes+8 {
		return shortShape()
	}
	parts, n := int64(binary.LittleEndian.Uint32(b[shpBoxBytes:])), int64(binary.LittleEndian.Uint32(b[shpBoxBytes+4:]))
	b = b[shpBoxBytes+8:]
	switch {
	case parts == 0 || n == 0:
		return &record.Fault{Reason: record.EmptyGeometry}
	case 4*parts+shpPointBytes*n > int64(len(b)):
		return shortShape()
	}
	starts := b[:4*parts]
	if fault := r.vertices(b[4*parts:], int(n), s); fault != nil {
		return fault
	}
	for start := int64(0); len(starts) > 0; {
		if at := int64(binary.LittleEndian.Uint32(starts)); at != start {
			return badShape(lang.Bothf("the parts do not follow one another"))
		}
		end := n
		if starts = starts[4:]; len(starts) > 0 {
			end = int64(binary.LittleEndian.Uint32(starts))
		}
		if end < start || end > n {
			return badShape(lang.Bothf("the parts do not follow one another"))
		}
		if fault := part(s, int(start), int(end)); fault != nil {
			return fault
		}
		start = end
	}
	if s.Kind == geo.Polygon {
		return r.rings.sort(s)
	}
	s.Multi = len(s.Ends) > 1
	return nil
}

// part checks and ends a line or a ring of the vertices from start to end.
func part(s *record.Shape, start, end int) *record.Fault {
	switch {
	case s.Kind == geo.Line && end-start < 2:
		return record.ShortLine()
	case s.Kind == geo.Polygon:
		if fault := record.CheckRing(s.Coordinates[2*start : 2*end]); fault != nil {
			return fault
		}
	}
	s.Ends = append(s.Ends, end)
	return nil
}

// vertices reads n of them, of which the bytes are there.
func (r *shapeReader) vertices(b []byte, n int, s *record.Shape) *record.Fault {
	if n > r.most {
		return record.TooManyVertices(r.most)
	}
	for range n {
		x, y := shpFloat(b), shpFloat(b[8:])
		if math.IsNaN(x-x) || math.IsNaN(y-y) {
			return record.NotFinite(x, y)
		}
		s.Add(x, y)
		b = b[shpPointBytes:]
	}
	return nil
}

func shpFloat(b []byte) float64 { return math.Float64frombits(binary.LittleEndian.Uint64(b)) }

func badShape(detail lang.Label) *record.Fault {
	return &record.Fault{Reason: record.BadCoordinates, Detail: detail}
}

func shortShape() *record.Fault { return badShape(lang.Bothf("the shape is incomplete")) }
