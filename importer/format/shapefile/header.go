package shapefile

import (
	"encoding/binary"
	"io"
	"os"
	"strconv"

	"yizhan/geo"
	"yizhan/internal/lang"
)

const (
	shpHeaderBytes = 100  // of a .shp and a .shx
	shpRecordHead  = 8    // bytes: number and length of the content
	shpFileCode    = 9994 // "Position 0"
)

// Types of shapes (ESRI, table 1). Z is 10 more, M is 20 more.
const (
	shpNull       = 0
	shpPoint      = 1
	shpPolyLine   = 3
	shpPolygon    = 5
	shpMultiPoint = 8
	shpMultiPatch = 31
)

// header is the head of a .shp.
type header struct {
	code int32 // type of the shapes
	size int64 // bytes of the file
	end  int64 // of the records, as the file says
}

// header reads the first 100 bytes of the .shp (ESRI, table 2).
func (s fileSet) header() (header, error) {
	var h header
	file, err := os.Open(s.shp)
	if err != nil {
		return h, s.in.Unreadable(err)
	}
	defer file.Close()
	stat, err := file.Stat()
	if err != nil {
		return h, s.in.Unreadable(err)
	}
	b := make([]byte, shpHeaderBytes)
	if _, err := io.ReadFull(file, b); err != nil {
		return h,
			s.in.Damaged(lang.Errorf("the header of a .shp has %d bytes, but the file has only %d", shpHeaderBytes,
				stat.Size()))
	}
	if code := binary.BigEndian.Uint32(b); code != shpFileCode {
		return h,
			s.in.Damaged(lang.Errorf("a .shp begins with the number %d, but this file with %d", shpFileCode, code))
	}
	h.code, h.size = int32(binary.LittleEndian.Uint32(b[32:])), stat.Size()
	if !knownShape(h.code) {
		return h, s.in.Damaged(lang.Errorf("its header states shape type %d, which does not exist", h.code))
	}
	h.end = 2 * int64(binary.BigEndian.Uint32(b[24:]))
	switch {
	case h.end < shpHeaderBytes: // never filled in
		h.end = h.size
	case h.end > h.size:
		return h, s.in.Damaged(lang.Errorf("its header states %d bytes, but the file has %d", h.end, h.size))
	}
	return h, nil
}

// kinds are what the header declares.
func (h header) kinds() []geo.Kind {
	if kind := shapeKind(h.code); kind != "" {
		return []geo.Kind{kind}
	}
	return nil
}

func knownShape(code int32) bool {
	return code == shpNull || code == shpMultiPatch || shapeKind(code) != ""
}

// plainShape is a type without Z and M, and whether it had them.
func plainShape(code int32) (plain int32, more bool) {
	if code > 10 && code < 30 {
		return code % 10, true
	}
	return code, false
}

// shapeKind is the kind of a type; "" for null, patches and unknown ones.
func shapeKind(code int32) geo.Kind {
	switch plain, _ := plainShape(code); plain {
	case shpPoint, shpMultiPoint:
		return geo.Point
	case shpPolyLine:
		return geo.Line
	case shpPolygon:
		return geo.Polygon
	}
	return ""
}

// shapeType names a type for reports.
func shapeType(code int32) string {
	if code == shpMultiPatch {
		return "MultiPatch"
	}
	return "shape type " + strconv.Itoa(int(code))
}
