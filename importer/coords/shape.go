package coords

import (
	"bytes"
	"fmt"
	"strings"
	"unicode/utf8"

	"yizhan/geo"
	"yizhan/importer/record"
	"yizhan/internal/lang"
)

// Note tells the planner which columns the coordinates come from.
func (p Columns) Note() lang.Label {
	switch {
	case p.WKT >= 0:
		return lang.Bothf("the geometry comes from column %q (WKT), which is not imported as a field", p.names[p.WKT])
	case p.both >= 0:
		return lang.Bothf("the coordinates come from column %q, which is not imported as a field", p.names[p.both])
	}
	return lang.Bothf("the coordinates come from columns %q (easting or longitude) and %q (northing or latitude), "+
		"which are not imported as fields", p.names[p.x], p.names[p.y])
}

// Kinds are those of the shapes: points, or nil where only the texts can tell.
func (p Columns) Kinds() []geo.Kind {
	if p.WKT >= 0 {
		return nil
	}
	return []geo.Kind{geo.Point}
}

// ExpectSRID makes the code before the first well-known text the one that all
// must have, and the system that the file states.
func (p Columns) ExpectSRID(first []byte) Columns {
	if p.WKT < 0 {
		return p
	}
	if code, _ := cutSRID(first); code > 0 {
		p.srid = code
		p.Said = record.Said{Where: "SRID of column " + p.names[p.WKT], Text: fmt.Sprintf("EPSG:%d", code)}
	}
	return p
}

// Empty is whether a row has nothing in any column of coordinates.
func (p Columns) Empty(cells [][]byte) bool {
	for _, i := range [...]int{p.x, p.y, p.both, p.WKT} {
		if i >= 0 && len(CellAt(cells, i)) > 0 {
			return false
		}
	}
	return true
}

// Shape fills a shape from the cells of a row, in UTF-8, by column: easting or
// longitude first. most is the limit of vertices. The fault is nil, no_geometry
// when nothing is there, or bad_coordinates with the column and what it holds.
func (p Columns) Shape(cells [][]byte, s *record.Shape, most int) *record.Fault {
	s.Reset()
	switch {
	case p.Empty(cells):
		return &record.Fault{Reason: record.NoGeometry, Field: p.fields()}
	case p.WKT >= 0:
		return p.text(CellAt(cells, p.WKT), p.WKT, s, most)
	case p.both >= 0:
		return p.together(CellAt(cells, p.both), s, most)
	}
	first, second := CellAt(cells, p.x), CellAt(cells, p.y)
	x, fault := p.number(first, p.x)
	if fault != nil {
		return fault
	}
	y, fault := p.number(second, p.y)
	if fault != nil {
		return fault
	}
	s.Kind = geo.Point
	s.Add(x, y)
	return nil
}

func (p Columns) number(cell []byte, column int) (float64, *record.Fault) {
	v, ok := Parse(cell)
	switch {
	case ok:
		return v, nil
	case len(cell) == 0:
		return 0, &record.Fault{Reason: record.BadCoordinates, Field: p.names[column],
			Detail: lang.Bothf("%q is empty, but the other coordinate is not", p.names[column])}
	}
	return 0, p.unread(cell, column)
}

func (p Columns) unread(cell []byte, column int) *record.Fault {
	return &record.Fault{Reason: record.BadCoordinates, Field: p.names[column], Value: record.Short(cell),
		Detail: lang.Bothf("not a coordinate")}
}

// text reads a cell of well-known text.
func (p Columns) text(cell []byte, column int, s *record.Shape, most int) *record.Fault {
	if code, _ := cutSRID(cell); code != 0 && code != p.srid {
		detail := lang.Bothf("its SRID is %d, that of the first record is %d", code, p.srid)
		if p.srid == 0 {
			detail = lang.Bothf("its SRID is %d, but the first record has none", code)
		}
		return &record.Fault{Reason: record.BadCoordinates, Field: p.names[column], Value: record.Short(cell),
			Detail: detail}
	}
	fault := parseWKT(cell, s, record.Limits{Vertices: most})
	if fault != nil && fault.Field == "" {
		fault.Field = p.names[column]
	}
	return fault
}

// together reads "112.5,32.9": two coordinates in one cell, with a comma, a
// semicolon or a space between them and perhaps brackets around them. Letters of
// hemispheres say which is which; else the name of the column does.
func (p Columns) together(cell []byte, s *record.Shape, most int) *record.Fault {
	if c := cell[0] | 0x20; c >= 'a' && c <= 'z' && bytes.IndexByte(cell, '(') > 0 {
		return p.text(cell, p.both, s, most)
	}
	first, second, ok := halves(cell)
	if !ok {
		return p.unread(cell, p.both)
	}
	x, fine := Parse(first)
	y, fineToo := Parse(second)
	if !fine || !fineToo {
		return p.unread(cell, p.both)
	}
	north := p.north
	switch a, b := facing(first), facing(second); {
	case a == latitude && b != latitude, b == longitude && a != longitude:
		north = true
	case a == longitude && b != longitude, b == latitude && a != latitude:
		north = false
	}
	if north {
		x, y = y, x
	}
	s.Kind = geo.Point
	s.Add(x, y)
	return nil
}

// halves parts a cell at its only separator.
func halves(cell []byte) (first, second []byte, ok bool) {
	if len(cell) > 2*longestCoordinate {
		return nil, nil, false
	}
	cell = bytes.Trim(cell, "()[]（）【】 \t")
	for _, separator := range []string{",，", ";；", "、", " \t\u3000", "/|"} {
		at := bytes.IndexAny(cell, separator)
		if at < 0 {
			continue
		}
		_, size := utf8.DecodeRune(cell[at:])
		first, second = bytes.TrimSpace(cell[:at]), bytes.TrimSpace(cell[at+size:])
		return first, second, len(first) > 0 && len(second) > 0 && !bytes.ContainsAny(second, separator)
	}
	return nil, nil, false
}

// facing tells from letters of a hemisphere which coordinate a text is.
func facing(text []byte) role {
	s := string(text)
	switch {
	case strings.ContainsAny(s, "NnSs北南ＮＳ"):
		return latitude
	case strings.ContainsAny(s, "EeWw东西ＥＷ"):
		return longitude
	}
	return noRole
}

// fields names the columns of coordinates.
func (p Columns) fields() string {
	var names []string
	for _, i := range p.Held() {
		names = append(names, p.names[i])
	}
	return strings.Join(names, ", ")
}

// CellAt is a cell without the spaces around it; none where the row ends before it.
func CellAt(cells [][]byte, i int) []byte {
	if i >= len(cells) {
		return nil
	}
	return bytes.TrimSpace(cells[i])
}
