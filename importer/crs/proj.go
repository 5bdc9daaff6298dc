package crs

import (
	"slices"
	"strings"

	"yizhan/geo"
	"yizhan/internal/lang"
)

// projWords and projNumbers are the terms accepted in a PROJ string: enough for the
// definitions that FromWKT writes, and none that names a file or another service.
var (
	projWords = map[string][]string{
		"+proj":  {"tmerc", "merc", "longlat", "lcc", "aea", "utm"},
		"+ellps": {"GRS80", "WGS84", "krass", "IAU76"},
		"+datum": {"WGS84"},
		"+units": {"m"},
	}
	projNumbers = []string{"+lat_0", "+lon_0", "+lat_1", "+lat_2", "+k", "+k_0",
		"+x_0", "+y_0", "+a", "+b", "+rf", "+zone"}
)

// parsePROJ reads a PROJ string, such as a System's name may be. It accepts plain
// projections in metres on a named or given ellipsoid.
func parsePROJ(text string) (System, error) {
	refuse := func(term string) (System, error) {
		return System{}, lang.Errorf("the PROJ string contains %.60q, which is not accepted; "+
			"write a projection in metres such as %q: %w", term, local(grid{112.5, plain}).PROJ, geo.ErrInvalid)
	}
	s := System{Name: text, Title: lang.Bothf("custom projection %s", text), PROJ: text, Datum: Other}
	for _, term := range strings.Fields(text) {
		key, value, _ := strings.Cut(term, "=")
		if allowed, ok := projWords[key]; ok {
			if !slices.Contains(allowed, value) {
				return refuse(term)
			}
			s.Degrees = s.Degrees || value == "longlat"
			continue
		}
		switch {
		case slices.Contains(projNumbers, key):
			if _, err := decimal(value); err != nil {
				return refuse(term)
			}
		case term != "+no_defs" && term != "+south" && term != "+type=crs":
			return refuse(term)
		}
	}
	for _, datum := range []Datum{CGCS2000, Xian80, Beijing54, WGS84} {
		if strings.Contains(text, ellipsoid(datum)) {
			s.Datum = datum
		}
	}
	return s, nil
}

// ellipsoid of a datum, for PROJ: CGCS2000's is GRS 80's in every digit that PROJ
// keeps; Xian 1980 has IAG 1975 (EPSG:7049), Beijing 1954 Krassowsky 1940 (EPSG:7024).
func ellipsoid(d Datum) string {
	switch d {
	case Xian80:
		return "+a=6378140 +rf=298.257"
	case Beijing54:
		return "+ellps=krass"
	case WGS84, GCJ02, BD09:
		return "+ellps=WGS84"
	}
	return "+ellps=GRS80"
}
