package crs

import (
	"math"

	"yizhan/internal/lang"
)

// ByPlanner is where a system is named when a planner gave it: it is used even
// where the numbers suggest another.
const ByPlanner = "--crs"

// decision is what there is to decide from.
type decision struct {
	sample
	candidates []Candidate
}

// reads is a way to take the numbers, which puts enough of them into the city.
type reads struct {
	System
	axes Axes
}

// Decide finds how the coordinates of a file become longitude and latitude. The
// numbers are a sample of them; said is the system that the file or the planner
// names (nil for none) and saidWhere where, such as ".prj" or [ByPlanner]; the
// candidates are [Surveyed] and, for a check, the named system, each with the city's
// box in it.
//
// A named system is used and checked: swapped axes are swapped back with a
// warning; numbers that lie in the city in another system instead are a
// [*Question]. Without one, the only reading is used that puts the numbers into the
// city; none, several, and longitudes and latitudes (which fit every datum) are a
// [*Question] too.
func Decide(n Numbers, said *System, saidWhere string, candidates []Candidate) (Placement, error) {
	d := decision{n.sample(), candidates}
	if said != nil {
		return d.said(*said, saidWhere)
	}
	return d.unsaid()
}

// said uses the system that was named.
func (d decision) said(said System, where string) (Placement, error) {
	p := Placement{System: said, Axes: EastFirst, How: GivenBy(where)}
	in := within(said, d.candidates)
	if in == nil || len(d.sample) == 0 {
		p.How = lang.Bothf("%s, not checked against the coordinates", p.How)
		return p, nil
	}
	if d.fit(EastFirst, in) {
		return p, nil
	}
	if d.fit(NorthFirst, in) {
		p.Axes = NorthFirst
		p.How = lang.Clauses{p.How, northFirst(said.Degrees)}.Label()
		p.Warnings = append(p.Warnings, lang.Bothf(
			"%s in this file, so the two were swapped: the first point is %s; check it on the map",
			northFirst(said.Degrees), d.first(said.Degrees)))
		return p, nil
	}
	others := d.fitting(said)
	if len(others) > 0 && where != ByPlanner {
		return Placement{}, d.contradiction(said, where, others)
	}
	p.Warnings = append(p.Warnings, lang.Bothf(
		"%d points sampled, %d outside the city; rows outside the city will be rejected",
		len(d.sample), len(d.sample)-d.count(EastFirst, in)))
	if len(others) > 0 {
		p.Warnings = append(p.Warnings, lang.Bothf("the coordinates look like %s; if they are, use --crs %s",
			others[0].Named(), others[0].Name))
	}
	return p, nil
}

// first is the first vertex of the sample, which has its northing first.
func (d decision) first(inDegrees bool) lang.Label {
	east, north := shown(d.sample[0][1], inDegrees), shown(d.sample[0][0], inDegrees)
	if inDegrees {
		return lang.Bothf("longitude %s, latitude %s", east, north)
	}
	return lang.Bothf("easting %s, northing %s", east, north)
}

// GivenBy is how a system was determined that the file or the planner names.
func GivenBy(where string) lang.Label { return lang.Bothf("given by %s", where) }

// fitting are the readings that put the numbers into the city, without those
// equivalent to a system, each once.
func (d decision) fitting(but System) []reads {
	var found []reads
	for _, c := range d.candidates {
		if equivalent(c.System, but) {
			continue
		}
		for _, axes := range []Axes{EastFirst, NorthFirst} {
			if !d.fit(axes, d.possible(c)) {
				continue
			}
			known := false
			for _, f := range found {
				known = known || f.axes == axes && equivalent(f.System, c.System)
			}
			if !known {
				found = append(found, reads{c.System, axes})
			}
		}
	}
	return found
}

// possible tests whether numbers may lie in the city under a candidate; longitudes
// and latitudes may be of a bent map.
func (d decision) possible(c Candidate) func(east, north float64) bool {
	if c.Degrees {
		return c.City.wider(outlying).holds
	}
	return c.City.holds
}

// Bounds of eastings that a grid on a city's own central meridian would have.
const (
	localWest = plain - 30_000
	localEast = plain + 30_000
)

// local is a reading in a grid on the city's own central meridian, rounded to
// half a degree, where the numbers allow one and no national grid has it; eastings
// lie in the bounds.
func (d decision) local(west, east float64) (reads, bool) {
	city, ok := cityDegrees(d.candidates)
	if !ok {
		return reads{}, false
	}
	g := grid{meridian: math.Round(city.West+city.East) / 2, easting: plain}
	if standard(g.meridian) {
		return reads{}, false
	}
	in := g.box(city).holds
	for _, axes := range []Axes{EastFirst, NorthFirst} {
		if b := d.extent(axes); b.West >= west && b.East <= east && d.fit(axes, in) {
			return reads{local(g), axes}, true
		}
	}
	return reads{}, false
}

// unsaid decides from the numbers alone.
func (d decision) unsaid() (Placement, error) {
	if len(d.sample) == 0 {
		return Placement{}, ask("", lang.Bothf("the file does not state its coordinate system "+
			"and has no coordinates to infer it from"), nil, typed("EPSG:4547"))
	}
	found := d.fitting(System{})
	for _, f := range found {
		if f.Degrees {
			return Placement{}, d.whichDatum(f.axes)
		}
	}
	if own, ok := d.local(localWest, localEast); ok {
		return Placement{}, d.ownGrid(append(found, own))
	}
	switch len(found) {
	case 0:
		if own, ok := d.local(0, 2*plain); ok {
			return Placement{}, d.ownGrid([]reads{own})
		}
		return Placement{}, d.nothing()
	case 1:
		return d.decided(found[0]), nil
	}
	return Placement{}, d.several(found)
}

// decided is the placement of the one reading that fits.
func (d decision) decided(f reads) Placement {
	b := d.extent(f.axes)
	if trimmed := d.inside(f); len(trimmed) > 0 {
		b = trimmed.extent(f.axes)
	}
	p := Placement{System: f.System, Axes: f.axes}
	p.How = lang.Bothf("inferred from the coordinates: %s", d.onlyHere(f, b))
	if f.axes == NorthFirst {
		p.How = lang.Clauses{p.How, northFirst(f.Degrees)}.Label()
	}
	if f.Datum == CGCS2000 {
		p.Warnings = append(p.Warnings, lang.Bothf("coordinates alone cannot tell CGCS2000 from Xian 1980 "+
			"and Beijing 1954 (tens of metres to over a hundred apart); "+
			"if this is an old survey, specify its system with --crs"))
	}
	return p
}

// onlyHere says why eastings fit one system and no other.
func (d decision) onlyHere(f reads, b Box) lang.Label {
	east := shownRange(b.West, b.East, false)
	switch g, ok := gridOf(f.System); {
	case ok && g.easting > prefixed:
		return lang.Bothf("eastings %s contain zone prefix %d", east, int(g.easting)/prefixed)
	case ok:
		return lang.Bothf("eastings %s without zone prefix lie in the city only on this central meridian", east)
	}
	return lang.Bothf("eastings %s lie in the city only in this system", east)
}

// inside is the part of the sample that lies in the city under a reading.
func (d decision) inside(f reads) sample {
	in := within(f.System, d.candidates)
	if in == nil {
		return nil
	}
	var s sample
	for _, p := range d.sample {
		if in(eastNorth(p, f.axes)) {
			s = append(s, p)
		}
	}
	return s
}

// typed is the last line of a question.
func typed(example string) lang.Label {
	return lang.Bothf("specify it with --crs, for example: --crs %s", example)
}
