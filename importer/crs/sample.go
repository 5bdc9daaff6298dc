package crs

import (
	"math"
	"strconv"

	"yizhan/geo"
	"yizhan/internal/lang"
)

// Numbers are a sample of the vertices of a file, in the order in which it has
// them: X is the first number of each, Y the second.
type Numbers struct{ X, Y []float64 }

// fits is the share of a sample, in percent, that must lie in the city for a
// reading of it to be possible.
const fits = 98

// outlying is how far outside the city (degrees) a position may be shown by a
// bent map: it is taken for one of the city while the datum is not known.
const outlying = 0.015

// sample is the finite part of the numbers.
type sample [][2]float64

func (n Numbers) sample() sample {
	var s sample
	for i := range min(len(n.X), len(n.Y)) {
		if finite(n.X[i]) && finite(n.Y[i]) {
			s = append(s, [2]float64{n.X[i], n.Y[i]})
		}
	}
	return s
}

// eastNorth is a pair of the file as easting (longitude) and northing (latitude).
func eastNorth(p [2]float64, axes Axes) (east, north float64) {
	if axes == NorthFirst {
		return p[1], p[0]
	}
	return p[0], p[1]
}

// count is how many of the sample a test takes.
func (s sample) count(axes Axes, in func(east, north float64) bool) int {
	n := 0
	for _, p := range s {
		if in(eastNorth(p, axes)) {
			n++
		}
	}
	return n
}

// fit reports whether a test takes enough of the sample.
func (s sample) fit(axes Axes, in func(east, north float64) bool) bool {
	return len(s) > 0 && s.count(axes, in)*100 >= fits*len(s)
}

// extent is the box of the sample.
func (s sample) extent(axes Axes) Box {
	b := Box{math.Inf(1), math.Inf(1), math.Inf(-1), math.Inf(-1)}
	for _, p := range s {
		e, n := eastNorth(p, axes)
		b = Box{min(b.West, e), min(b.South, n), max(b.East, e), max(b.North, n)}
	}
	return b
}

func (b Box) holds(east, north float64) bool {
	return east >= b.West && east <= b.East && north >= b.South && north <= b.North
}

func (b Box) wider(by float64) Box {
	return Box{b.West - by, b.South - by, b.East + by, b.North + by}
}

// bent is the datum of package geo that a system's longitudes and latitudes are on.
func bent(d Datum) geo.Datum {
	switch d {
	case GCJ02:
		return geo.GCJ02
	case BD09:
		return geo.BD09
	}
	return geo.WGS84
}

// within tests whether numbers of a system lie in the city; nil when it is not
// known where the city lies in it.
func within(s System, candidates []Candidate) func(east, north float64) bool {
	for _, c := range candidates {
		if !equivalent(c.System, s) {
			continue
		}
		if datum := bent(s.Datum); s.Degrees && datum != geo.WGS84 {
			return func(east, north float64) bool { return c.City.holds(datum.ToWGS84(east, north)) }
		}
		return c.City.holds
	}
	if g, ok := gridOf(s); ok {
		if city, ok := cityDegrees(candidates); ok {
			return g.box(city).holds
		}
	}
	return nil
}

// cityDegrees is the city in longitude and latitude.
func cityDegrees(candidates []Candidate) (Box, bool) {
	for _, c := range candidates {
		if c.Degrees {
			return c.City, true
		}
	}
	return Box{}, false
}

// shown writes a number of a system for people: metres in full with commas,
// degrees with five digits.
func shown(v float64, inDegrees bool) string {
	if inDegrees {
		return strconv.FormatFloat(v, 'f', 5, 64)
	}
	if math.Abs(v) >= 1e15 {
		return strconv.FormatFloat(v, 'g', 6, 64)
	}
	return lang.Thousands(int64(math.Round(v)))
}

// shownRange writes a range of numbers.
func shownRange(low, high float64, inDegrees bool) lang.Label {
	return lang.Range(shown(low, inDegrees), shown(high, inDegrees))
}
