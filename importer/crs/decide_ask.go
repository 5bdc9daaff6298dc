package crs

import (
	"yizhan/geo"
	"yizhan/internal/lang"
)

// datums are the readings of longitudes and latitudes: shifted maps show places
// some hundred metres off, and the numbers do not tell.
func (d decision) datums(axes Axes) []Reading {
	wgs, gcj, bd := byCode(4326), System{}, System{}
	gcj, _ = byAlias(string(geo.GCJ02))
	bd, _ = byAlias(string(geo.BD09))
	wgs.Name = string(geo.WGS84)
	readings := []Reading{d.reading(wgs, axes,
		lang.Bothf("satellite positioning and surveys; CGCS2000 (EPSG:4490) is treated as the same"))}
	for _, s := range []System{gcj, bd} {
		r := d.reading(s, axes, lang.Label{})
		r.add(lang.Bothf("%.0f m from that point", apart(r.First, readings[0].First)))
		readings = append(readings, r)
	}
	return readings
}

// whichDatum asks whose longitudes and latitudes they are.
func (d decision) whichDatum(axes Axes) *Question {
	b := d.extent(axes)
	lon, lat := shownRange(b.West, b.East, true), shownRange(b.South, b.North, true)
	opening := lang.Bothf("the coordinates are longitude %s and latitude %s, "+
		"but the file does not state the datum and the numbers cannot tell:", lon, lat)
	if axes == NorthFirst {
		opening = lang.Bothf("latitude comes first in the file and will be swapped; %s", opening)
	}
	return ask(axes, opening, d.datums(axes),
		lang.Bothf("look up the first point on a map you trust and choose one, for example: --crs gcj02"))
}

// ownGrid asks whether numbers around 500 km are in a grid of the city's own.
func (d decision) ownGrid(found []reads) *Question {
	own := found[len(found)-1]
	b := d.extent(own.axes)
	east := shownRange(b.West, b.East, false)
	opening := lang.Bothf("eastings %s lie around 500,000, as in a local grid on the city's central meridian "+
		"or in a national grid; the numbers cannot tell:", east)
	if len(found) == 1 {
		opening = lang.Bothf("eastings %s lie around 500,000, as in a local grid on the city's central meridian; "+
			"no national grid puts them in the city:", east)
	}
	return ask(own.axes, opening, d.readings(found), typed(own.Name))
}

// several asks which of the readings that fit is meant.
func (d decision) several(found []reads) *Question {
	return ask("", lang.Bothf("the file does not state its coordinate system, "+
		"and several put the coordinates in the city:"), d.readings(found), typed(found[0].Name))
}

// contradiction asks about a file that names one system and looks like others.
func (d decision) contradiction(said System, where string, others []reads) *Question {
	var list lang.List
	for _, o := range others {
		list = append(list, o.Name)
	}
	stated := d.reading(said, EastFirst, lang.Bothf("as the file states, but outside the city"))
	return ask("", lang.Bothf("%s gives %s, but the coordinates look like %s:", where, said.Name, list),
		append([]Reading{stated}, d.readings(others)...),
		lang.Bothf("choose one: --crs %s (by the numbers) or --crs %s (by the file)", others[0].Name, said.Name))
}

func (d decision) readings(found []reads) []Reading {
	var readings []Reading
	for _, f := range found {
		if f.Degrees {
			readings = append(readings, d.datums(f.axes)...)
			continue
		}
		readings = append(readings, d.reading(f.System, f.axes, lang.Label{}))
	}
	return readings
}

// nothing asks about numbers that no single system puts in the city: they may be
// of several, which are listed with their counts.
func (d decision) nothing() *Question {
	if q := d.mixed(); q != nil {
		return q
	}
	b := d.extent(EastFirst)
	one, other := b.West >= -180 && b.East <= 180, b.South >= -180 && b.North <= 180
	x, y := shownRange(b.West, b.East, one && other), shownRange(b.South, b.North, one && other)
	text := []lang.Label{lang.Bothf("the file does not state its coordinate system, "+
		"and no common one puts its coordinates (first number %s, second %s) in the city; "+
		"the city's extent by system:", x, y)}
	var seen []System
	for _, c := range d.candidates {
		known := false
		for _, s := range seen {
			known = known || equivalent(s, c.System)
		}
		if known {
			continue
		}
		seen = append(seen, c.System)
		east := shownRange(c.City.West, c.City.East, c.Degrees)
		north := shownRange(c.City.South, c.City.North, c.Degrees)
		if c.Degrees {
			text = append(text, lang.Bothf("  %s: longitude %s, latitude %s", c.Name, east, north))
			continue
		}
		text = append(text, lang.Bothf("  %s: easting %s, northing %s", c.Name, east, north))
	}
	text = append(text, lang.Bothf("surveys on Xian 1980 or Beijing 1954 also need parameters (--shift) "+
		"or control points (--control); write a custom central meridian as --crs gk:112.5"))
	return ask("", lines(text...), nil, typed("EPSG:4547"))
}

// mixed asks about a sample whose parts lie in the city in different systems; nil for
// any other.
func (d decision) mixed() *Question {
	type part struct {
		reads
		in     func(east, north float64) bool
		sample sample
	}
	var parts []part
	for _, c := range d.candidates {
		for _, axes := range []Axes{EastFirst, NorthFirst} {
			parts = append(parts, part{reads: reads{c.System, axes}, in: d.possible(c)})
		}
	}
	placed := 0
	for _, p := range d.sample {
		for i := range parts {
			if parts[i].in(eastNorth(p, parts[i].axes)) {
				parts[i].sample = append(parts[i].sample, p)
				placed++
				break
			}
		}
	}
	var readings []Reading
	for _, p := range parts {
		if n := len(p.sample); n > 0 {
			readings = append(readings, p.sample.reading(p.System, p.axes, lang.Bothf("%d of the sampled points", n)))
		}
	}
	if len(readings) < 2 || placed*100 < fits*len(d.sample) {
		return nil
	}
	return ask("", lang.Bothf("the file mixes coordinate systems (%d points sampled):", len(d.sample)), readings,
		lang.Bothf("split the file by coordinate system and import each part, for example: --crs %s",
			readings[0].System.Name))
}
