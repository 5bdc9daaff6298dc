package crs

import (
	"math"
	"regexp"
	"strconv"
	"strings"
	"unicode"

	"yizhan/geo"
	"yizhan/internal/lang"
)

// Keywords of coordinate systems, in versions 1 and 2 of well-known text.
var (
	projectedWKT  = []string{"PROJCS", "PROJCRS", "PROJECTEDCRS"}
	geographicWKT = []string{"GEOGCS", "GEOGCRS", "GEOGRAPHICCRS", "GEODCRS", "GEODETICCRS",
		"BASEGEOGCRS", "BASEGEODCRS"}
	authorityWKT = []string{"AUTHORITY", "ID"}
	wrapperWKT   = []string{"COMPD_CS", "COMPOUNDCRS", "BOUNDCRS", "SOURCECRS"}
)

// FromWKT reads the definition of a coordinate system, such as a .prj file. The
// outermost EPSG code of the horizontal system wins; without one the system is
// recognised by its datum, projection, central meridian, false easting and unit
// (names as ESRI and as EPSG spell them). Axes are not read: the files that carry
// such definitions have easting first whatever they say. A definition that is
// damaged or not recognised is a [geo.ErrInvalid].
func FromWKT(text string) (System, error) {
	roots, err := parseWKT(text)
	if err != nil {
		return System{}, lang.Errorf("unreadable definition of the coordinate system: %w; correct it, "+
			"or specify the system with --crs: %w", err, geo.ErrInvalid)
	}
	for _, root := range roots {
		horizontal := horizontalOf(root, 0)
		if horizontal == nil {
			continue
		}
		s, err := recognise(horizontal)
		if err != nil {
			return System{}, lang.Errorf("coordinate system %.80q: %w; "+
				"specify the system with --crs, such as --crs EPSG:4547: %w", horizontal.name(), err, geo.ErrInvalid)
		}
		return s, nil
	}
	return System{}, lang.Errorf("the definition %.40s is not a geographic or projected coordinate system; "+
		"specify the system with --crs, such as --crs EPSG:4547: %w", roots[0].keyword, geo.ErrInvalid)
}

// horizontalOf finds the projected or geographic system within compound and bound ones.
func horizontalOf(n *node, depth int) *node {
	if is(n, projectedWKT) || is(n, geographicWKT) {
		return n
	}
	if !is(n, wrapperWKT) || depth > 4 {
		return nil
	}
	for _, c := range n.nodes {
		if found := horizontalOf(c, depth+1); found != nil {
			return found
		}
	}
	return nil
}

func is(n *node, keywords []string) bool {
	for _, keyword := range keywords {
		if n.keyword == keyword {
			return true
		}
	}
	return false
}

// recognise finds the system of a horizontal definition.
func recognise(n *node) (System, error) {
	base, projected := n, is(n, projectedWKT)
	if projected {
		if base = n.child(geographicWKT...); base == nil {
			return System{}, lang.Errorf("no geographic system found in it")
		}
	}
	if bent := bentDatum(n.name() + " " + base.name() + " " + base.child("DATUM").name()); bent != "" {
		if projected {
			return System{}, lang.Errorf("projections of %s are not supported", bent)
		}
		s, _ := byAlias(strings.ToLower(bent))
		return s, nil
	}
	if code := authority(n); code != 0 {
		return byCode(code), nil
	}
	if prime := base.child("PRIMEM", "PRIMEMERIDIAN"); prime != nil && len(prime.values) > 1 {
		if at, err := decimal(prime.values[1]); err != nil || at != 0 {
			return System{}, lang.Errorf("prime meridian %.40q is not supported; only Greenwich is", prime.name())
		}
	}
	datum := datumOf(base)
	if !projected {
		return geographic(base, datum)
	}
	return projection(n, datum)
}

// authority is the EPSG code of the node itself, 0 for none.
func authority(n *node) int {
	for _, c := range n.nodes {
		if !is(c, authorityWKT) || len(c.values) < 2 || !strings.EqualFold(c.values[0], "EPSG") {
			continue
		}
		if code, err := strconv.Atoi(strings.TrimSpace(c.values[1])); err == nil && code >= 1024 && code <= 998_999 {
			return code
		}
	}
	return 0
}

// bare is a name without blanks, underscores and the like, in small letters.
func bare(name string) string {
	return strings.Map(func(r rune) rune {
		if unicode.IsLetter(r) || unicode.IsDigit(r) {
			return unicode.ToLower(r)
		}
		return -1
	}, name)
}

// bentDatum is "gcj02" or "bd09" when a name says so.
func bentDatum(name string) string {
	switch b := bare(name); {
	case strings.Contains(b, "gcj02"), strings.Contains(b, "火星"):
		return string(geo.GCJ02)
	case strings.Contains(b, "bd09"), strings.Contains(b, "百度"):
		return string(geo.BD09)
	}
	return ""
}

// datumOf recognises the datum of a geographic system by its name or the
// system's, and by its ellipsoid when it has no name.
func datumOf(base *node) Datum {
	datum := base.child("DATUM", "ENSEMBLE", "GEODETICDATUM", "TRF")
	for _, name := range []string{datum.name(), base.name()} {
		if found := namedDatum(name); found != "" {
			return found
		}
	}
	if datum := byCode(authority(base)).Datum; datum != Other {
		return datum
	}
	if unnamed.MatchString(bare(datum.name())) {
		return namedDatum(datum.child("SPHEROID", "ELLIPSOID").name())
	}
	return ""
}

// unnamed matches names of datums that say nothing.
var unnamed = regexp.MustCompile(`^$|unknown|notspecified|basedon|userdefined`)

func namedDatum(name string) Datum {
	b := bare(name)
	for _, known := range []struct {
		part  string
		datum Datum
	}{
		{"newbeijing", ""}, // EPSG:4555, another datum: left to its code
		{"china2000", CGCS2000}, {"cgcs2000", CGCS2000}, {"chinageodeticcoordinatesystem2000", CGCS2000},
		{"chinageodetic2000", CGCS2000}, {"国家2000", CGCS2000},
		{"xian1980", Xian80}, {"xian80", Xian80}, {"西安80", Xian80}, {"西安1980", Xian80},
		{"iag75", Xian80}, {"iag1975", Xian80},
		{"beijing1954", Beijing54}, {"beijing54", Beijing54}, {"北京54", Beijing54}, {"北京1954", Beijing54},
		{"krasovsky", Beijing54}, {"krassowsky", Beijing54}, {"krassovsky", Beijing54},
		{"wgs1984", WGS84}, {"wgs84", WGS84}, {"worldgeodeticsystem1984", WGS84},
	} {
		if strings.Contains(b, known.part) {
			return known.datum
		}
	}
	return ""
}

// geographic is longitude and latitude on a datum, in degrees.
func geographic(base *node, datum Datum) (System, error) {
	if unit := unitOf(base); unit != 0 && math.Abs(unit-math.Pi/180) > 1e-9 {
		return System{}, lang.Errorf("angular unit of %g radians is not supported; only degrees are", unit)
	}
	for code, d := range map[int]Datum{4326: WGS84, 4490: CGCS2000, 4610: Xian80, 4214: Beijing54} {
		if d == datum {
			return byCode(code), nil
		}
	}
	return System{}, unknownDatum(base)
}

func unknownDatum(base *node) error {
	return lang.Errorf("no EPSG code, and datum %.80q is unknown", base.child("DATUM", "ENSEMBLE").name())
}

// unitOf is the factor of a node's own unit to metres or radians, 0 when it names none.
func unitOf(n *node) float64 {
	unit := n.child("UNIT", "LENGTHUNIT", "ANGLEUNIT")
	if cs := n.child("AXIS"); unit == nil && cs != nil {
		unit = cs.child("UNIT", "LENGTHUNIT", "ANGLEUNIT")
	}
	if unit == nil || len(unit.values) < 2 {
		return 0
	}
	factor, err := decimal(unit.values[1])
	if err != nil || factor <= 0 {
		return -1
	}
	return factor
}
