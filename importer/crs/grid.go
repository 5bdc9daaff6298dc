package crs

import (
	"fmt"
	"math"
	"slices"
	"strconv"
	"strings"

	"yizhan/internal/lang"
)

// grid is a transverse Mercator projection at scale 1 from the equator, as the
// Gauss-Krueger grids of China are.
type grid struct {
	meridian float64 // central meridian, degrees east
	easting  float64 // false easting, metres
}

// plain is the false easting of a grid without zone prefix; with one it has
// zone*prefixed more.
const (
	plain    = 500_000
	prefixed = 1_000_000
)

// series is a run of EPSG codes of neighbouring Gauss-Krueger grids.
type series struct {
	datum  Datum
	first  int  // EPSG code of the westernmost
	count  int  // grids
	zone   int  // number of the westernmost
	step   int  // width of a zone, 3 or 6 degrees
	prefix bool // eastings begin with the zone number
}

// national are the Gauss-Krueger grids of China (EPSG registry v10).
var national = []series{
	{CGCS2000, 4513, 21, 25, 3, true},
	{CGCS2000, 4534, 21, 25, 3, false},
	{CGCS2000, 4491, 11, 13, 6, true},
	{CGCS2000, 4502, 11, 13, 6, false},
	{Xian80, 2349, 21, 25, 3, true},
	{Xian80, 2370, 21, 25, 3, false},
	{Xian80, 2327, 11, 13, 6, true},
	{Xian80, 2338, 11, 13, 6, false},
	{Beijing54, 2401, 21, 25, 3, true},
	{Beijing54, 2422, 21, 25, 3, false},
	{Beijing54, 21413, 11, 13, 6, true},
	{Beijing54, 21453, 11, 13, 6, false},
}

// grid of the code at the index within the series.
func (s series) grid(index int) grid {
	zone := s.zone + index
	g := grid{meridian: float64(zone * s.step), easting: plain}
	if s.step == 6 {
		g.meridian -= 3
	}
	if s.prefix {
		g.easting += float64(zone * prefixed)
	}
	return g
}

// system of the code at the index within the series.
func (s series) system(index int) System {
	meridian := degrees(s.grid(index).meridian)
	title := lang.Bothf("%s %d-degree Gauss-Krueger, central meridian %s°E, eastings without zone prefix",
		s.datum, s.step, meridian)
	if s.prefix {
		title = lang.Bothf("%s %d-degree Gauss-Krueger zone %d, central meridian %s°E, eastings with zone prefix %[3]d",
			s.datum, s.step, s.zone+index, meridian)
	}
	code := s.first + index
	return System{Name: epsg(code), Title: title, EPSG: code, Datum: s.datum}
}

// nationalSystem is the national grid with the code.
func nationalSystem(code int) (System, bool) {
	for _, s := range national {
		if i := code - s.first; i >= 0 && i < s.count {
			return s.system(i), true
		}
	}
	return System{}, false
}

// gridOf is the Gauss-Krueger grid that a system projects to, if it does.
func gridOf(s System) (grid, bool) {
	code := s.EPSG
	if number, ok := strings.CutPrefix(s.Name, "EPSG:"); ok && code == 0 { // one with a shift
		code, _ = strconv.Atoi(number) // no grid has the code 0
	}
	for _, run := range national {
		if i := code - run.first; i >= 0 && i < run.count {
			return run.grid(i), true
		}
	}
	return parseLocal(s.Name)
}

// gridSystem is the system of a grid on a datum: a national one where there is
// one (of 3 degrees rather than 6, which differ in name only), else one of CGCS2000
// that is named by its central meridian.
func gridSystem(datum Datum, g grid) (System, bool) {
	for _, run := range national {
		if run.datum != datum {
			continue
		}
		for i := range run.count {
			if run.grid(i) == g {
				return run.system(i), true
			}
		}
	}
	return local(g), datum == CGCS2000
}

// local is a CGCS2000 grid on a custom central meridian.
func local(g grid) System {
	name := "gk:" + degrees(g.meridian)
	if g.easting != plain {
		name += ":" + degrees(g.easting)
	}
	return System{
		Name: name,
		Title: lang.Bothf("CGCS2000 Gauss-Krueger, custom central meridian %s°E, false easting %s m",
			degrees(g.meridian), degrees(g.easting)),
		PROJ: fmt.Sprintf("+proj=tmerc +lat_0=0 +lon_0=%s +k=1 +x_0=%s +y_0=0 +ellps=GRS80 +units=m +no_defs",
			degrees(g.meridian), degrees(g.easting)),
		Datum: CGCS2000,
	}
}

// standard reports whether a national grid has the central meridian.
func standard(meridian float64) bool {
	return slices.ContainsFunc(national, func(s series) bool {
		for i := range s.count {
			if s.grid(i).meridian == meridian {
				return true
			}
		}
		return false
	})
}

// degrees writes a number as short as it can be read back.
func degrees(v float64) string { return strconv.FormatFloat(v, 'f', -1, 64) }

func epsg(code int) string { return "EPSG:" + strconv.Itoa(code) }

// finite reports whether a number can be a coordinate.
func finite(v float64) bool { return !math.IsNaN(v) && !math.IsInf(v, 0) }
