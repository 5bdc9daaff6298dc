package format

import (
	"bytes"
	"fmt"
	"strings"
	"unicode/utf8"

	"yizhan/geo"
	"yizhan/internal/lang"
)

// note tells the planner which columns the coordinates come from.
func (p places) note() lang.Label {
	quote := func(i int) (zh, en string) { return "「" + p.names[i] + "」", fmt.Sprintf("%q", p.names[i]) }
	switch {
	case p.wkt >= 0:
		zh, en := quote(p.wkt)
		return label("图形取自"+zh+"列（WKT），该列不作为属性", "the geometry comes from the column "+en+" (WKT), which is no attribute")
	case p.both >= 0:
		zh, en := quote(p.both)
		return label("坐标取自"+zh+"列，该列不作为属性", "the coordinates come from the column "+en+", which is no attribute")
	}
	xzh, xen := quote(p.x)
	yzh, yen := quote(p.y)
	return label("坐标取自"+xzh+"（东或经度）和"+yzh+"（北或纬度）两列，它们不作为属性",
		"the coordinates come from the columns "+xen+" (east or longitude) and "+yen+" (north or latitude), which are not imported as attributes")
}

// kinds are those of the shapes: points, or nil where only the texts can tell.
func (p places) kinds() []geo.Kind {
	if p.wkt >= 0 {
		return nil
	}
	return []geo.Kind{geo.Point}
}

// expectSRID makes the code before the first well-known text the one that all
// must have, and the system that the file states.
func (p places) expectSRID(first []byte) places {
	if p.wkt < 0 {
		return p
	}
	if code, _ := cutSRID(first); code > 0 {
		p.srid = code
		p.said = Said{Where: "SRID of column " + p.names[p.wkt], Text: fmt.Sprintf("EPSG:%d", code)}
	}
	return p
}

// empty is whether a row has nothing in any column of coordinates.
func (p places) empty(cells [][]byte) bool {
	for _, i := range [...]int{p.x, p.y, p.both, p.wkt} {
		if i >= 0 && len(cellAt(cells, i)) > 0 {
			return false
		}
	}
	return true
}

// shape fills a shape from the cells of a row, in UTF-8, by column: easting or
// longitude first. most is the limit of vertices. The fault is nil, no_geometry
// when nothing is there, or bad_coordinates with the column and what it holds.
func (p places) shape(cells [][]byte, s *Shape, most int) *Fault {
	s.Reset()
	switch {
	case p.empty(cells):
		return &Fault{Reason: NoGeometry, Field: p.fields()}
	case p.wkt >= 0:
		return p.text(cellAt(cells, p.wkt), p.wkt, s, most)
	case p.both >= 0:
		return p.together(cellAt(cells, p.both), s, most)
	}
	first, second := cellAt(cells, p.x), cellAt(cells, p.y)
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

func (p places) number(cell []byte, column int) (float64, *Fault) {
	v, ok := parseCoordinate(cell)
	switch {
	case ok:
		return v, nil
	case len(cell) == 0:
		return 0, &Fault{Reason: BadCoordinates, Field: p.names[column], Detail: label("「"+p.names[column]+"」是空的，另一个坐标不空", fmt.Sprintf("%q is empty and the other coordinate is not", p.names[column]))}
	}
	return 0, p.unread(cell, column)
}

func (p places) unread(cell []byte, column int) *Fault {
	return &Fault{Reason: BadCoordinates, Field: p.names[column], Value: shortValue(cell), Detail: label("不是坐标", "not a coordinate")}
}

// text reads a cell of well-known text.
func (p places) text(cell []byte, column int, s *Shape, most int) *Fault {
	if code, _ := cutSRID(cell); code != 0 && code != p.srid {
		zh, en := fmt.Sprintf("SRID 为 %d，文件第一条记录的是 %d", code, p.srid), fmt.Sprintf("its SRID is %d, that of the first record %d", code, p.srid)
		if p.srid == 0 {
			zh, en = fmt.Sprintf("SRID 为 %d，文件第一条记录没有写 SRID", code), fmt.Sprintf("its SRID is %d, and the first record states none", code)
		}
		return &Fault{Reason: BadCoordinates, Field: p.names[column], Value: shortValue(cell), Detail: label(zh, en)}
	}
	fault := parseWKT(cell, s, Limits{Vertices: most})
	if fault != nil && fault.Field == "" {
		fault.Field = p.names[column]
	}
	return fault
}

// together reads "112.5,32.9": two coordinates in one cell, with a comma, a
// semicolon or a space between them and perhaps brackets around them. Letters of
// hemispheres say which is which; else the name of the column does.
func (p places) together(cell []byte, s *Shape, most int) *Fault {
	if c := cell[0] | 0x20; c >= 'a' && c <= 'z' && bytes.IndexByte(cell, '(') > 0 {
		return p.text(cell, p.both, s, most)
	}
	first, second, ok := halves(cell)
	if !ok {
		return p.unread(cell, p.both)
	}
	x, fine := parseCoordinate(first)
	y, fineToo := parseCoordinate(second)
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
func (p places) fields() string {
	var names []string
	for _, i := range p.columns() {
		names = append(names, p.names[i])
	}
	return strings.Join(names, ", ")
}

// cellAt is a cell without the spaces around it; none where the row ends before it.
func cellAt(cells [][]byte, i int) []byte {
	if i >= len(cells) {
		return nil
	}
	return bytes.TrimSpace(cells[i])
}
