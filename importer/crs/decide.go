package crs

import (
	"fmt"
	"math"

	"yizhan/internal/lang"
)

// ByPlanner is where a system is said when a planner gave it: that is believed
// even where the numbers look otherwise.
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
// candidates are [Surveyed] and, for a check, what was said, each with the city's
// box in it.
//
// What is said is used, and checked: swapped axes are swapped back with a
// warning; numbers that lie in the city in another system instead are a
// [*Question]. When nothing is said, the one reading is used that puts the
// numbers into the city; none, several, and longitudes and latitudes (which fit
// every datum) are a [*Question] too.
func Decide(n Numbers, said *System, saidWhere string, candidates []Candidate) (Placement, error) {
	d := decision{n.sample(), candidates}
	if said != nil {
		return d.said(*said, saidWhere)
	}
	return d.unsaid()
}

// said uses the system that was named.
func (d decision) said(said System, where string) (Placement, error) {
	p := Placement{System: said, Axes: EastFirst, How: label(
		fmt.Sprintf("依据 %s：%s（%s）", where, said.Title.ZH, said.Name), fmt.Sprintf("said by %s: %s (%s)", where, said.Title.EN, said.Name))}
	in := within(said, d.candidates)
	if in == nil || len(d.sample) == 0 {
		p.How = label(p.How.ZH+"，未能用数值核对", p.How.EN+", not checked against the numbers")
		return p, nil
	}
	if d.fit(EastFirst, in) {
		return p, nil
	}
	if d.fit(NorthFirst, in) {
		p.Axes = NorthFirst
		p.How = label(p.How.ZH+"；两个坐标的次序按数值对调", p.How.EN+"; its two coordinates are swapped, as the numbers show")
		p.Warnings = append(p.Warnings, label(
			fmt.Sprintf("文件中先写纵坐标（纬度）后写横坐标（经度），已对调：第一个点为 %s。请在地图上核对", d.first(said.Degrees)),
			fmt.Sprintf("the file has northing (latitude) before easting (longitude); they were swapped: the first point reads %s; check it on the map", d.first(said.Degrees))))
		return p, nil
	}
	others := d.fitting(said)
	if len(others) > 0 && where != ByPlanner {
		return Placement{}, d.contradiction(said, where, others)
	}
	outside := len(d.sample) - d.count(EastFirst, in)
	p.Warnings = append(p.Warnings, label(
		fmt.Sprintf("按 %s，抽查的 %d 个点中有 %d 个不在本市范围内，这些行将不被接收", said.Name, len(d.sample), outside),
		fmt.Sprintf("under %s, %d of %d sampled points lie outside the city; such rows will be rejected", said.Name, outside, len(d.sample))))
	if len(others) > 0 {
		o := others[0]
		p.Warnings = append(p.Warnings, label(
			fmt.Sprintf("数值更像 %s（%s）：如是，请改用 --crs %s", o.Title.ZH, o.Name, o.Name),
			fmt.Sprintf("the numbers look like %s (%s); if they are, use --crs %s", o.Title.EN, o.Name, o.Name)))
	}
	return p, nil
}

// first is the first number pair of the sample with easting first, for people.
func (d decision) first(inDegrees bool) string {
	return shown(d.sample[0][1], inDegrees) + ", " + shown(d.sample[0][0], inDegrees)
}

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
		return Placement{}, ask("", label("文件没有说明坐标系，也没有可供判断的坐标数值。", "the file does not say its coordinate system and has no coordinates to tell it from."), nil, typed("EPSG:4547"))
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
	east := shownRange(b.West, b.East, false)
	zh, en := "横坐标 "+east.ZH, "eastings "+east.EN
	switch g, ok := gridOf(f.System); {
	case ok && g.easting > prefixed:
		zone := int(g.easting) / prefixed
		zh, en = fmt.Sprintf("%s 带有带号 %d", zh, zone), fmt.Sprintf("%s carry the zone prefix %d", en, zone)
	case ok:
		zh, en = zh+" 不带带号，只有按此中央经线才落在本市", en+" without zone prefix lie in the city on this central meridian only"
	default:
		zh, en = zh+" 只有按此坐标系才落在本市", en+" lie in the city in this system only"
	}
	p := Placement{System: f.System, Axes: f.axes, How: label(
		fmt.Sprintf("按数值判断：%s（%s）；%s", f.Title.ZH, f.Name, zh), fmt.Sprintf("decided from the numbers: %s (%s); %s", f.Title.EN, f.Name, en))}
	if f.axes == NorthFirst {
		s := swapped(f.axes)
		p.How = label(p.How.ZH+"；"+s.ZH, p.How.EN+"; "+s.EN)
	}
	if f.Datum == CGCS2000 {
		p.Warnings = append(p.Warnings, label(
			"数值不能区分 CGCS2000 与西安 80、北京 54（相差几十米到一百多米）：如是旧测量成果，请用 --crs 说明",
			"numbers cannot tell CGCS2000 from Xian 1980 and Beijing 1954, tens of metres to more than a hundred apart: if this is an old survey, say so with --crs"))
	}
	return p
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
	return label("请用 --crs 说明，例如：--crs "+example, "say which with --crs, for example: --crs "+example)
}
