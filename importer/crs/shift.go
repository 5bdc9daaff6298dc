package crs

import (
	"fmt"
	"math"
	"strings"

	"yizhan/geo"
	"yizhan/internal/lang"
)

// Shift is how the datum of an old survey lies to CGCS2000: three or seven
// parameters of a position vector transformation (EPSG:9603, EPSG:9606).
type Shift struct {
	Metres     [3]float64 // dx, dy, dz
	ArcSeconds [3]float64 // rx, ry, rz
	PPM        float64    // scale
	Seven      bool       // the last four were given
}

// Bounds of plausible parameters: national datums lie within some hundred metres
// of each other.
const (
	mostMetres  = 1000
	mostSeconds = 60
	mostPPM     = 100
)

// ParseShift reads "dx,dy,dz" or "dx,dy,dz,rx,ry,rz,ppm": metres, seconds of arc,
// parts per million, from the old datum to the new.
func ParseShift(text string) (Shift, error) {
	if len(text) > longestName {
		text = text[:longestName]
	}
	parts := strings.Split(strings.ReplaceAll(text, "，", ","), ",")
	if len(parts) != 3 && len(parts) != 7 {
		return Shift{}, lang.Errorf("--shift has %d numbers; write three (dx,dy,dz in metres) or seven "+
			"(then rx,ry,rz in arc seconds and scale in ppm), such as --shift 24.1,-123.5,-94.2: %w",
			len(parts), geo.ErrInvalid)
	}
	s := Shift{Seven: len(parts) == 7}
	for i, part := range parts {
		value, err := decimal(part)
		if err != nil {
			return Shift{}, lang.Errorf("--shift: value %d (%.40q) is not a number: %w", i+1, part, geo.ErrInvalid)
		}
		most, unit, to := float64(mostMetres), lang.Bothf("metres"), &s.PPM
		switch {
		case i < 3:
			to = &s.Metres[i]
		case i < 6:
			most, unit, to = mostSeconds, lang.Bothf("arc seconds"), &s.ArcSeconds[i-3]
		default:
			most, unit = mostPPM, lang.Bothf("ppm")
		}
		if !(math.Abs(value) < most) {
			return Shift{}, lang.Errorf("--shift: value %d (%s) must be below %g %s; "+
				"check the order and units of the numbers: %w", i+1, strings.TrimSpace(part), most, unit,
				geo.ErrInvalid)
		}
		*to = value
	}
	return s, nil
}

// PROJ is the shift as PROJ's definitions have it, which means it as EPSG:9606 does.
func (s Shift) PROJ() string {
	numbers := s.Metres[:]
	if s.Seven {
		numbers = append(append(numbers[:3:3], s.ArcSeconds[:]...), s.PPM)
	}
	var b strings.Builder
	b.WriteString("+towgs84=")
	for i, v := range numbers {
		if i > 0 {
			b.WriteByte(',')
		}
		b.WriteString(degrees(v))
	}
	return b.String()
}

// On is a system with the shift in its definition, so that PROJ applies it.
// The system is on the datum of 1954 or 1980. Transform the definition to EPSG:4326:
// towards the codes of CGCS2000, PROJ ignores +towgs84 without a warning.
func (s Shift) On(system System) (System, error) {
	if system.Datum != Xian80 && system.Datum != Beijing54 {
		return System{}, lang.Errorf("--shift applies to Xian 1980 and Beijing 1954 only; "+
			"%s is on %s, so remove --shift: %w", system.Name, system.Datum, geo.ErrInvalid)
	}
	definition := system.PROJ
	if g, ok := gridOf(system); ok {
		definition = fmt.Sprintf("+proj=tmerc +lat_0=0 +lon_0=%s +k=1 +x_0=%s +y_0=0 %s +units=m +no_defs",
			degrees(g.meridian), degrees(g.easting), ellipsoid(system.Datum))
	} else if system.Degrees {
		definition = fmt.Sprintf("+proj=longlat %s +no_defs", ellipsoid(system.Datum))
	}
	if definition == "" {
		return System{}, lang.Errorf("--shift cannot be applied to %s: its definition is unknown; "+
			"give its PROJ string with --crs: %w", system.Name, geo.ErrInvalid)
	}
	definition = strings.TrimSuffix(strings.TrimSpace(definition), " +no_defs")
	system.EPSG, system.PROJ = 0, definition+" "+s.PROJ()+" +no_defs"
	return system, nil
}
