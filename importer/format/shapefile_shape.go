package format

import (
	"encoding/binary"
	"fmt"
	"math"
	"strconv"

	"yizhan/geo"
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
func (r *shapeReader) read(b []byte, s *Shape, most int) *Fault {
	r.most = most
	if len(b) < 4 {
		return shortShape()
	}
	code := int32(binary.LittleEndian.Uint32(b))
	b = b[4:]
	switch {
	case code == shpNull:
		return &Fault{Reason: NoGeometry}
	case code == shpMultiPatch:
		return &Fault{Reason: WrongKind, Value: shapeType(code), Detail: label("应为点、线或面", "a point, a line or a polygon is wanted")}
	case !knownShape(code):
		return badShape("没有这种图形类型："+strconv.Itoa(int(code)), "there is no "+shapeType(code))
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

func (r *shapeReader) point(b []byte, s *Shape) *Fault {
	if len(b) < shpPointBytes {
		return shortShape()
	}
	if x, y := shpFloat(b), shpFloat(b[8:]); math.IsNaN(x) && math.IsNaN(y) {
		return &Fault{Reason: EmptyGeometry}
	}
	return r.vertices(b, 1, s)
}

func (r *shapeReader) points(b []byte, s *Shape) *Fault {
	if len(b) < shpBoxBytes+4 {
		return shortShape()
	}
	n := int64(binary.LittleEndian.Uint32(b[shpBoxBytes:]))
	b = b[shpBoxBytes+4:]
	switch {
	case n == 0:
		return &Fault{Reason: EmptyGeometry}
	case n*shpPointBytes > int64(len(b)):
		return shortShape()
	}
	return r.vertices(b, int(n), s)
}

// parts reads the lines of a PolyLine or the rings of a Polygon.
func (r *shapeReader) parts(b []byte, s *Shape) *Fault {
	if len(b) < shpBoxBytes+8 {
		return shortShape()
	}
	parts, n := int64(binary.LittleEndian.Uint32(b[shpBoxBytes:])), int64(binary.LittleEndian.Uint32(b[shpBoxBytes+4:]))
	b = b[shpBoxBytes+8:]
	switch {
	case parts == 0 || n == 0:
		return &Fault{Reason: EmptyGeometry}
	case 4*parts+shpPointBytes*n > int64(len(b)):
		return shortShape()
	}
	starts := b[:4*parts]
	if fault := r.vertices(b[4*parts:], int(n), s); fault != nil {
		return fault
	}
	for start := int64(0); len(starts) > 0; {
		if at := int64(binary.LittleEndian.Uint32(starts)); at != start {
			return badShape("部件的起点无效", "the parts do not follow one another")
		}
		end := n
		if starts = starts[4:]; len(starts) > 0 {
			end = int64(binary.LittleEndian.Uint32(starts))
		}
		if end < start || end > n {
			return badShape("部件的起点无效", "the parts do not follow one another")
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
func part(s *Shape, start, end int) *Fault {
	xy := s.Coordinates[2*start : 2*end]
	n := end - start
	switch {
	case s.Kind == geo.Line && n < 2:
		return badShape("线至少要有两个点", "a line needs two points")
	case s.Kind == geo.Line:
	case n < 4:
		return &Fault{Reason: BadRing, Detail: label("环只有 "+strconv.Itoa(n)+" 个点", "a ring has "+strconv.Itoa(n)+" points")}
	case xy[0] != xy[2*n-2] || xy[1] != xy[2*n-1]:
		return &Fault{Reason: BadRing, Detail: label("环的首尾点不同", "a ring's last point is not its first")}
	}
	s.Ends = append(s.Ends, end)
	return nil
}

// vertices reads n of them, of which the bytes are there.
func (r *shapeReader) vertices(b []byte, n int, s *Shape) *Fault {
	if n > r.most {
		return &Fault{Reason: TooLarge, Detail: label("顶点超过 "+strconv.Itoa(r.most)+" 个", "more than "+strconv.Itoa(r.most)+" vertices")}
	}
	for range n {
		x, y := shpFloat(b), shpFloat(b[8:])
		if math.IsNaN(x-x) || math.IsNaN(y-y) {
			return &Fault{Reason: BadCoordinates, Value: fmt.Sprintf("%v, %v", x, y),
				Detail: label("坐标不是有限数", "a coordinate is not a finite number")}
		}
		s.Add(x, y)
		b = b[shpPointBytes:]
	}
	return nil
}

func shpFloat(b []byte) float64 { return math.Float64frombits(binary.LittleEndian.Uint64(b)) }

func badShape(zh, en string) *Fault { return &Fault{Reason: BadCoordinates, Detail: label(zh, en)} }

func shortShape() *Fault { return badShape("图形数据不完整", "the shape breaks off") }
