package crs

import (
	"strings"

	"yizhan/geo"
	"yizhan/internal/lang"
)

// Question is an error that a planner answers: the system of a file could not be
// determined, and guessing would put it in the wrong place.
type Question struct {
	Readings []Reading // what the numbers may be, the likeliest first
	Axes     Axes      // in which order the file has them, "" where that depends on the reading
	text     lang.Label
}

// Reading is one way to take the numbers of a file.
type Reading struct {
	System  System     `json:"system"`
	Axes    Axes       `json:"axes"`
	Meaning lang.Label `json:"meaning"` // what it would mean, in a line
	// First is the longitude and latitude of the first vertex then, within some metres; zero when unknown.
	First [2]float64 `json:"first,omitzero"`
}

// Error is the question in English.
func (q *Question) Error() string { return q.text.EN }

// In is the question in the language.
func (q *Question) In(t lang.Tag) string { return q.text.In(t) }

// Label is the question in several lines, of which the last says what to type.
func (q *Question) Label() lang.Label { return q.text }

// Unwrap makes a question a [geo.ErrInvalid]: the file, as it is, cannot be placed.
func (q *Question) Unwrap() error { return geo.ErrInvalid }

// ask makes a question of its first lines, its readings and its last line.
func ask(axes Axes, opening lang.Label, readings []Reading, closing lang.Label) *Question {
	text := []lang.Label{opening}
	for _, r := range readings {
		text = append(text, lang.Bothf("  --crs %s: %s", r.System.Name, r.Meaning))
	}
	return &Question{Readings: readings, Axes: axes, text: lines(append(text, closing)...)}
}

// lines are texts below each other.
func lines(texts ...lang.Label) lang.Label {
	joined := texts[0]
	for _, text := range texts[1:] {
		joined = lang.Label{ZH: joined.ZH + "\n" + text.ZH, EN: joined.EN + "\n" + text.EN}
	}
	return joined
}

// reading of the sample's first vertex in a system, with more of its meaning.
func (s sample) reading(system System, axes Axes, more lang.Label) Reading {
	r := Reading{System: system, Axes: axes, Meaning: system.Title}
	if axes == NorthFirst {
		r.add(northFirst(system.Degrees))
	}
	r.add(more)
	if len(s) > 0 {
		east, north := eastNorth(s[0], axes)
		if at, ok := position(system, east, north); ok {
			r.First = at
			r.add(lang.Bothf("first point at longitude %.6f, latitude %.6f", at[0], at[1]))
		}
	}
	return r
}

func (r *Reading) add(more lang.Label) { r.Meaning = lang.Clauses{r.Meaning, more}.Label() }

// northFirst says that the file has its two coordinates in that order.
func northFirst(inDegrees bool) lang.Label {
	if inDegrees {
		return lang.Bothf("latitude comes before longitude")
	}
	return lang.Bothf("northing comes before easting")
}

// Refuse says why systems on the datums of 1954 and 1980 are not imported as they
// are: PROJ would not shift them. It is nil for all others, and for a system that
// has its parameters from [Shift.On].
func Refuse(s System) error {
	if s.Datum != Xian80 && s.Datum != Beijing54 || strings.Contains(s.PROJ, "+towgs84=") {
		return nil
	}
	return &Question{text: lines(
		lang.Bothf("the file is in %s; converting it to CGCS2000 needs parameters held by the surveying office, "+
			"and without them places would be off by tens of metres to over a hundred, "+
			"so nothing was imported", s.Named()),
		lang.Bothf("ask the surveying office for its seven (or three) parameters, "+
			"or prepare a file of at least three control points (per line: from_e,from_n,to_lon,to_lat)"),
		lang.Bothf("then add --shift dx,dy,dz[,rx,ry,rz,ppm] or --control FILE"),
	)}
}
