package sample

import (
	"bufio"
	"encoding/json"
	"io"
	"math"
	"strconv"

	"github.com/paulmach/orb"
)

// property is one attribute of a feature. The value is a string ("" is null), an
// int, a float64 (two decimals), a bool or nil.
type property struct {
	key   string
	value any
}

// sheet writes one FeatureCollection as a stream. Errors stay in the buffered writer
// and come out of close.
type sheet struct {
	out   *bufio.Writer
	buf   []byte
	count int
}

func newSheet(w io.Writer, layer string) *sheet {
	s := &sheet{out: bufio.NewWriterSize(w, 1<<16)}
	s.buf = append(s.buf, `{"type":"FeatureCollection","name":`...)
	s.quote(layer)
	s.buf = append(s.buf, `,"note":`...)
	s.quote(note)
	s.buf = append(s.buf, `,"features":[`...)
	s.flush()
	return s
}

// feature writes one feature: its geometry in degrees and its properties in order.
func (s *sheet) feature(g orb.Geometry, properties ...property) {
	if s.count > 0 {
		s.buf = append(s.buf, ',')
	}
	s.count++
	s.buf = append(s.buf, "\n"+`{"type":"Feature","properties":{`...)
	for i, p := range properties {
		if i > 0 {
			s.buf = append(s.buf, ',')
		}
		s.quote(p.key)
		s.buf = append(s.buf, ':')
		s.value(p.value)
	}
	s.buf = append(s.buf, `},"geometry":{"type":`...)
	s.quote(g.GeoJSONType())
	s.buf = append(s.buf, `,"coordinates":`...)
	s.geometry(g)
	s.buf = append(s.buf, "}}"...)
	s.flush()
}

func (s *sheet) close() error {
	s.buf = append(s.buf, "\n]}\n"...)
	s.flush()
	return s.out.Flush()
}

func (s *sheet) flush() {
	_, _ = s.out.Write(s.buf) // bufio keeps the first error for Flush
	s.buf = s.buf[:0]
}

func (s *sheet) quote(text string) {
	b, _ := json.Marshal(text) // a string always marshals
	s.buf = append(s.buf, b...)
}

func (s *sheet) value(v any) {
	switch v := v.(type) {
	case string:
		if v == "" {
			s.buf = append(s.buf, "null"...)
			return
		}
		s.quote(v)
	case int:
		s.buf = strconv.AppendInt(s.buf, int64(v), 10)
	case float64:
		s.buf = strconv.AppendFloat(s.buf, math.Round(v*100)/100, 'f', -1, 64)
	case bool:
		s.buf = strconv.AppendBool(s.buf, v)
	default:
		s.buf = append(s.buf, "null"...)
	}
}

func (s *sheet) geometry(g orb.Geometry) {
	switch g := g.(type) {
	case orb.Point:
		s.buf = append(s.buf, '[')
		s.buf = strconv.AppendFloat(s.buf, g[0], 'f', 7, 64)
		s.buf = append(s.buf, ',')
		s.buf = strconv.AppendFloat(s.buf, g[1], 'f', 7, 64)
		s.buf = append(s.buf, ']')
	case orb.LineString:
		list(s, g)
	case orb.Ring:
		list(s, g)
	case orb.Polygon:
		list(s, g)
	case orb.MultiLineString:
		list(s, g)
	case orb.MultiPolygon:
		list(s, g)
	}
}

func list[T orb.Geometry](s *sheet, parts []T) {
	s.buf = append(s.buf, '[')
	for i, p := range parts {
		if i > 0 {
			s.buf = append(s.buf, ',')
		}
		s.geometry(p)
	}
	s.buf = append(s.buf, ']')
}
