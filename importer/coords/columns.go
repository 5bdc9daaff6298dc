// Package coords finds the coordinates in the rows of a table: which columns hold
// them, and how a cell writes one, as a decimal, in degrees, minutes and seconds, or
// as well-known text. It reads no file and decides no coordinate system.
package coords

import (
	"bytes"
	"errors"

	"yizhan/geo"
	"yizhan/importer/record"
	"yizhan/internal/lang"
)

// mostNames is how many columns an error lists.
const mostNames = 30

// Columns are the columns of a table that hold coordinates: a pair, one column with
// both, or one with well-known text. Tables of any format use it (CSV, XLSX):
// Choose once with the names, Shape for every row.
type Columns struct {
	x, y  int // columns of easting or longitude, and of northing or latitude; -1 for none
	both  int // column with "112.5,32.9"; -1 for none
	north bool
	WKT   int // column with well-known text; -1 for none
	names []string
	Said  record.Said // what the names state, such as gcj02
	srid  int         // stated before the first well-known text (see expectSRID); 0 for none
}

// Find chooses the columns of coordinates by the planner's options, else by
// their names: well-known text, longitude and latitude, easting and northing, X
// and Y, both in one column, in this order. Where nothing fits, or more than one
// pair does, the error lists the columns and wraps geo.ErrInvalid.
func Find(names []string, o record.Options) (Columns, error) {
	p := Columns{x: -1, y: -1, both: -1, WKT: -1, names: names}
	if o.X != "" || o.Y != "" || o.WKT != "" {
		return p.named(o)
	}
	read := make([]nameMeaning, len(names))
	for i, name := range names {
		read[i] = meaningOf(name)
	}
	if i, found := single(read, wktText); found {
		p.WKT = i
		return p.withDatum(read[i].datum, i), nil
	}
	for _, pair := range [][2]role{{longitude, latitude}, {easting, northing}, {plainX, plainY}} {
		x, y, err := pairOf(read, pair, names)
		if err != nil {
			return p, err
		}
		if x >= 0 {
			p.x, p.y = x, y
			datum := read[x].datum
			if datum == "" {
				return p.withDatum(read[y].datum, y), nil
			}
			return p.withDatum(datum, x), nil
		}
	}
	for _, r := range []role{lonLat, latLon} {
		if i, found := single(read, r); found {
			p.both, p.north = i, r == latLon
			return p.withDatum(read[i].datum, i), nil
		}
	}
	return p, lang.Errorf("no coordinate columns found among %s; name them with --x and --y, or with --wkt: %w",
		record.Quoted(names, mostNames), geo.ErrInvalid)
}

// Choose is Find for names and the first rows below them: a column
// that is only called as if it held well-known text, and does not, is passed over
// where other columns will do.
func Choose(names []string, sample [][][]byte, o record.Options) (Columns, error) {
	p, err := Find(names, o)
	if err != nil || p.WKT < 0 || o.WKT != "" {
		return p, err
	}
	var s record.Shape
	filled := false
	for _, row := range sample {
		if p.WKT >= len(row) || len(bytes.TrimSpace(row[p.WKT])) == 0 {
			continue
		}
		filled = true
		s.Reset()
		if fault := parseWKT(row[p.WKT], &s, record.Limits{}.WithDefaults()); fault == nil ||
			fault.Reason != record.BadCoordinates {
			return p, nil
		}
	}
	if !filled && len(sample) == 0 {
		return p, nil
	}
	others := append([]string(nil), names...)
	others[p.WKT] = ""
	if without, err := Choose(others, sample, o); err == nil {
		without.names = names
		return without, nil
	}
	return p, nil
}

// named takes the columns that the planner states.
func (p Columns) named(o record.Options) (Columns, error) {
	var faults []error
	find := func(name, flag string) int {
		i, err := columnNamed(p.names, name)
		if err != nil {
			faults = append(faults, lang.Errorf("--%s: %w", flag, err))
		}
		return i
	}
	switch {
	case o.WKT != "" && (o.X != "" || o.Y != ""):
		return p, lang.Errorf("--wkt cannot be combined with --x and --y; remove one: %w", geo.ErrInvalid)
	case o.WKT != "":
		p.WKT = find(o.WKT, "wkt")
	case o.X == "" || o.Y == "":
		return p, lang.Errorf("--x and --y must be given together (the same column twice if it holds both); "+
			"columns: %s: %w",
			record.Quoted(p.names, mostNames), geo.ErrInvalid)
	default:
		p.x, p.y = find(o.X, "x"), find(o.Y, "y")
	}
	if len(faults) > 0 {
		return p, errors.Join(faults...)
	}
	if p.x == p.y && p.x >= 0 {
		p.both, p.x, p.y = p.x, -1, -1
		p.north = meaningOf(p.names[p.both]).role == latLon
	}
	for _, i := range p.Held() {
		if datum := meaningOf(p.names[i]).datum; datum != "" {
			return p.withDatum(datum, i), nil
		}
	}
	return p, nil
}

func (p Columns) withDatum(datum string, column int) Columns {
	if datum != "" {
		p.Said = record.Said{Where: "column " + p.names[column], Text: datum}
	}
	return p
}

// single is the first column of a role, one whose name means nothing else before others.
func single(read []nameMeaning, r role) (int, bool) {
	best := -1
	for i, n := range read {
		if n.role == r && (best < 0 || n.sure && !read[best].sure) {
			best = i
		}
	}
	return best, best >= 0
}

// pairOf chooses two columns that go together: those of bare names, else the only
// pair that has the same words besides, else those on WGS 84 or CGCS2000 of
// several. -1 when there is no pair.
func pairOf(read []nameMeaning, want [2]role, names []string) (x, y int, err error) {
	var xs, ys []int
	var pairs [][2]int
	for i, n := range read {
		switch n.role {
		case want[0]:
			xs = append(xs, i)
		case want[1]:
			ys = append(ys, i)
		}
	}
	if len(xs) == 1 && len(ys) == 1 {
		if a, b := read[xs[0]].datum, read[ys[0]].datum; a != "" && b != "" && a != b {
			return -1, -1,
				lang.Errorf("columns %q and %q are in different coordinate systems; name a matching pair with --x "+
					"and --y: %w",
					names[xs[0]], names[ys[0]], geo.ErrInvalid)
		}
		return xs[0], ys[0], nil
	}
	for _, i := range xs[:min(len(xs), 50)] {
		for _, j := range ys[:min(len(ys), 50)] {
			if read[i].about == read[j].about && read[i].datum == read[j].datum {
				pairs = append(pairs, [2]int{i, j})
			}
		}
	}
	var modern [][2]int
	for _, pair := range pairs {
		switch n := read[pair[0]]; {
		case n.about == "" && n.datum == "":
			return pair[0], pair[1], nil
		case n.datum == "wgs84" || n.datum == "cgcs2000":
			modern = append(modern, pair)
		}
	}
	switch {
	case len(modern) == 1:
		return modern[0][0], modern[0][1], nil
	case len(pairs) == 1:
		return pairs[0][0], pairs[0][1], nil
	case len(xs) == 0 || len(ys) == 0:
		return -1, -1, nil
	}
	var all []string
	for _, i := range append(xs, ys...) {
		all = append(all, names[i])
	}
	return -1, -1, lang.Errorf("several columns may hold the coordinates (%s); name two with --x and --y: %w",
		record.Quoted(all, mostNames), geo.ErrInvalid)
}

// columnNamed finds a column by its name, to the letter or else regardless of case, width and spaces.
func columnNamed(names []string, name string) (int, error) {
	for i, n := range names {
		if n == name {
			return i, nil
		}
	}
	for i, n := range names {
		if Fold(n) == Fold(name) {
			return i, nil
		}
	}
	return -1, lang.Errorf("column %q not found%s; columns: %s: %w",
		name, geo.Suggest(geo.Nearest(name, names)), record.Quoted(names, mostNames), geo.ErrInvalid)
}

// Held are those that hold coordinates.
func (p Columns) Held() []int {
	var held []int
	for _, i := range []int{p.x, p.y, p.both, p.WKT} {
		if i >= 0 {
			held = append(held, i)
		}
	}
	return held
}
