package coords

import (
	"bytes"
	"strconv"
	"strings"

	"yizhan/geo"
	"yizhan/importer/record"
	"yizhan/internal/lang"
)

// wellKnown reads well-known text (OGC 06-103r4, 7.2) with PostGIS's prefix
// SRID=…; it knows no nesting deeper than the polygons of a multipolygon, so
// hostile text costs no depth.
type wellKnown struct {
	text       []byte
	at         int
	shape      *record.Shape
	most       int // vertices
	dimensions int // of every vertex; 0 until they are stated or the first is read
}

// parseWKT fills the shape with the geometry of a text. Heights and measures are
// left out; a prefix SRID=…; is skipped (see cutSRID).
func parseWKT(text []byte, s *record.Shape, l record.Limits) *record.Fault {
	_, rest := cutSRID(text)
	w := wellKnown{text: rest, shape: s, most: l.Vertices}
	fault := w.geometry()
	if fault == nil && w.skip() < len(w.text) {
		fault = w.bad()
	}
	if fault != nil {
		s.Reset()
	}
	return fault
}

// cutSRID takes the prefix SRID=4547; off a well-known text; the code is 0 when there is none.
func cutSRID(text []byte) (code int, rest []byte) {
	text = bytes.TrimSpace(text)
	const prefix = "SRID="
	if len(text) < len(prefix) || !strings.EqualFold(string(text[:len(prefix)]), prefix) {
		return 0, text
	}
	number, rest, found := bytes.Cut(text[len(prefix):min(len(text), 24)], []byte{';'})
	number = bytes.TrimSpace(number)
	code, err := strconv.Atoi(string(number))
	if !found || err != nil || !digitsOnly(number) {
		return 0, text
	}
	return code, text[min(len(text), 24)-len(rest):]
}

// geometry reads the word for the kind, the word for its dimensions, and what follows.
func (w *wellKnown) geometry() *record.Fault {
	name := w.word()
	kind, multi, known := wktKind(&name)
	if !known {
		if next := w.skip(); name == "" || len(name) > 20 || next == len(w.text) || w.text[next] != '(' &&
			w.text[next]|0x20 < 'a' {
			return w.bad()
		}
		return &record.Fault{Reason: record.WrongKind, Value: name}
	}
	dimensions := name
	if dimensions == "" && w.skip() < len(w.text) && w.text[w.at] != '(' {
		before := w.at
		if dimensions = w.word(); dimensions == "EMPTY" {
			w.at, dimensions = before, ""
		}
	}
	switch dimensions {
	case "Z", "M":
		w.dimensions = 3
	case "ZM":
		w.dimensions = 4
	case "":
	default:
		return w.bad()
	}
	w.shape.Kind, w.shape.Multi = kind, multi
	if fault := w.body(kind, multi); fault != nil {
		return fault
	}
	w.shape.Flattened = w.dimensions > 2
	return nil
}

// wktKind splits a word such as MULTIPOINTZ: the kind, and what is left of the word.
func wktKind(name *string) (kind geo.Kind, multi, known bool) {
	rest := strings.TrimPrefix(*name, "MULTI")
	multi = rest != *name
	for _, k := range []struct {
		word string
		kind geo.Kind
	}{{"POINT", geo.Point}, {"LINESTRING", geo.Line}, {"POLYGON", geo.Polygon}} {
		if tail, found := strings.CutPrefix(rest, k.word); found &&
			(tail == "" || tail == "Z" || tail == "M" || tail == "ZM") {
			*name = tail
			return k.kind, multi, true
		}
	}
	return "", false, false
}

func (w *wellKnown) body(kind geo.Kind, multi bool) *record.Fault {
	switch {
	case kind == geo.Point && multi:
		return w.list(w.bracketedPoint)
	case kind == geo.Point:
		return w.point()
	case kind == geo.Line && multi:
		return w.list(w.line)
	case kind == geo.Line:
		return w.line()
	case multi:
		return w.list(w.polygon)
	}
	return w.polygon()
}

// list reads ( element, element, … ), or EMPTY, which is a fault of its own.
func (w *wellKnown) list(element func() *record.Fault) *record.Fault {
	if w.skip() == len(w.text) || w.text[w.at] != '(' {
		if w.word() == "EMPTY" {
			return &record.Fault{Reason: record.EmptyGeometry}
		}
		return w.bad()
	}
	for {
		w.at++
		if fault := element(); fault != nil {
			return fault
		}
		if w.skip() == len(w.text) {
			return w.bad()
		}
		switch w.text[w.at] {
		case ',':
		case ')':
			w.at++
			return nil
		default:
			return w.bad()
		}
	}
}

// bracketedPoint reads a point of a MULTIPOINT, which older writers leave without brackets.
func (w *wellKnown) bracketedPoint() *record.Fault {
	if w.skip() < len(w.text) && (w.text[w.at] == '(' || w.text[w.at] == 'E' || w.text[w.at] == 'e') {
		return w.point()
	}
	return w.vertex()
}

// point reads one vertex in brackets.
func (w *wellKnown) point() *record.Fault {
	points := 0
	return w.list(func() *record.Fault {
		if points++; points > 1 {
			return w.bad()
		}
		return w.vertex()
	})
}

func (w *wellKnown) line() *record.Fault {
	start := w.shape.Vertices()
	if fault := w.list(w.vertex); fault != nil {
		return fault
	}
	if w.shape.Vertices()-start < 2 {
		return record.ShortLine()
	}
	w.shape.EndLine()
	return nil
}

func (w *wellKnown) polygon() *record.Fault {
	if fault := w.list(w.ring); fault != nil {
		return fault
	}
	w.shape.EndPolygon()
	return nil
}

// ring reads a linear ring: four points or more, the last equal to the first (06-103r4, 6.1.11.1).
func (w *wellKnown) ring() *record.Fault {
	start := len(w.shape.Coordinates)
	if fault := w.list(w.vertex); fault != nil {
		return fault
	}
	w.shape.EndLine()
	return record.CheckRing(w.shape.Coordinates[start:])
}

// vertex reads two to four numbers, as many as all the others have.
func (w *wellKnown) vertex() *record.Fault {
	var xy [2]float64
	n := 0
	for ; n < 5; n++ {
		start := w.skip()
		for w.at < len(w.text) && inNumber(w.text[w.at]) {
			w.at++
		}
		if w.at == start {
			break
		}
		v, ok := decimal(w.text[start:w.at])
		if !ok {
			w.at = start
			return w.bad()
		}
		if n < 2 {
			xy[n] = v
		}
	}
	if n < 2 || n > 4 || w.dimensions != 0 && n != w.dimensions {
		return w.bad()
	}
	w.dimensions = n
	if w.shape.Vertices() >= w.most {
		return record.TooManyVertices(w.most)
	}
	w.shape.Add(xy[0], xy[1])
	return nil
}

func inNumber(c byte) bool {
	return c >= '0' && c <= '9' || c == '.' || c == '-' || c == '+' || c == 'e' || c == 'E'
}

// word reads letters, in upper case; not more than any name has.
func (w *wellKnown) word() string {
	start := w.skip()
	for w.at < len(w.text) && w.at-start < 32 && (w.text[w.at]|0x20) >= 'a' && (w.text[w.at]|0x20) <= 'z' {
		w.at++
	}
	return strings.ToUpper(string(w.text[start:w.at]))
}

// skip goes over white space and returns the place.
func (w *wellKnown) skip() int {
	for w.at < len(w.text) && (w.text[w.at] == ' ' || w.text[w.at] == '\t' || w.text[w.at] == '\n' ||
		w.text[w.at] == '\r') {
		w.at++
	}
	return w.at
}

// bad is the fault of a text that breaks the grammar, with the place where it does.
func (w *wellKnown) bad() *record.Fault {
	return &record.Fault{Reason: record.BadCoordinates, Value: record.Short(w.text),
		Detail: lang.Bothf("the WKT is not valid at byte %d", w.at+1)}
}
