package crs

import (
	"regexp"
	"strconv"
	"strings"

	"yizhan/geo"
	"yizhan/internal/lang"
)

// longestName bounds what Parse looks at, in bytes.
const longestName = 512

// codes are the ways to write an EPSG code: "EPSG:4547", "4547", the URN of
// OGC 06-023r1 (with or without version), the URI of OGC 09-048r5, and GML 2's.
var codes = regexp.MustCompile(`^(?:(?:urn:(?:x-)?ogc:def:crs:)?epsg:(?:[\d.]*:)?|` +
	`https?://www\.opengis\.net/def/crs/epsg/[\d.]+/|https?://www\.opengis\.net/gml/srs/epsg\.xml#)?(\d{4,6})$`)

// crs84 are the ways to write OGC CRS84, longitude before latitude on WGS 84.
var crs84 = regexp.MustCompile(`^(?:(?:urn:(?:x-)?ogc:def:crs:)?ogc:(?:[\d.]*:)?|` +
	`https?://www\.opengis\.net/def/crs/ogc/[\d.]+/)?crs84h?$`)

// folded makes of a name what is compared: small letters, no full-width signs.
var folded = strings.NewReplacer("：", ":", "．", ".", "－", "-", "_", "-", "　", " ")

// Parse reads a coordinate system as a planner, a GeoJSON file or a GML file
// names it: an EPSG code in any usual spelling, "wgs84", "cgcs2000", "gcj02",
// "bd09", "gk:112.5" (CGCS2000 Gauss-Krueger on a custom central meridian),
// "gk:112.5:38500000" (with a false easting), or a PROJ string as System.Name
// may be. Anything else is a [geo.ErrInvalid] with examples.
func Parse(text string) (System, error) {
	if len(text) > longestName {
		return System{}, unknown(text)
	}
	name := strings.ToLower(folded.Replace(strings.TrimSpace(text)))
	if match := codes.FindStringSubmatch(name); match != nil {
		code, err := strconv.Atoi(match[1])
		if err != nil || code < 1024 || code > 998_999 { // PostGIS keeps no others
			return System{}, unknown(text)
		}
		return byCode(code), nil
	}
	if crs84.MatchString(name) {
		return byCode(4326), nil
	}
	if s, ok := byAlias(strings.NewReplacer("-", "", " ", "").Replace(name)); ok {
		return s, nil
	}
	if g, ok := parseLocal(name); ok {
		s, _ := gridSystem(CGCS2000, g)
		return s, nil
	}
	if strings.HasPrefix(name, "+proj=") {
		return parsePROJ(strings.TrimSpace(text))
	}
	return System{}, unknown(text)
}

func unknown(text string) error {
	return lang.Errorf("coordinate system %q not recognised; write an EPSG code (EPSG:4547), "+
		"wgs84, cgcs2000, gcj02, bd09, or gk:112.5 for a Gauss-Krueger grid on a custom central meridian "+
		"(with a false easting: gk:112.5:38500000): %w",
		lang.Clip(text, 40), geo.ErrInvalid)
}

// byAlias finds systems by a common name, without hyphens and blanks.
func byAlias(alias string) (System, bool) {
	switch alias {
	case "wgs84", "世界大地坐标系":
		return byCode(4326), true
	case "cgcs2000", "国家2000", "2000国家大地坐标系", "国家大地坐标系2000":
		return byCode(4490), true
	case "gcj02", "gcj02ll", "火星", "火星坐标", "火星坐标系", "国测局", "高德", "腾讯":
		return System{Name: string(geo.GCJ02), Degrees: true, Datum: GCJ02,
			Title: lang.Bothf("GCJ-02 longitude and latitude (Gaode and Tencent maps)")}, true
	case "bd09", "bd09ll", "百度", "百度坐标", "百度坐标系":
		return System{Name: string(geo.BD09), Title: lang.Bothf("BD-09 longitude and latitude (Baidu maps)"),
			Degrees: true, Datum: BD09}, true
	}
	return System{}, false
}

// byCode is the system of an EPSG code. A code that is not listed here is taken to
// be in metres and left to PROJ, which reports it when it is unknown there too.
func byCode(code int) System {
	if code == 900913 || code == 102100 || code == 102113 { // older names of the same
		code = 3857
	}
	s := System{Name: epsg(code), EPSG: code, Degrees: true}
	switch code {
	case 4326:
		s.Datum, s.Title = WGS84, lang.Bothf("%s longitude and latitude", WGS84)
	case 4490:
		s.Datum, s.Title = CGCS2000, lang.Bothf("%s longitude and latitude", CGCS2000)
	case 4610:
		s.Datum, s.Title = Xian80, lang.Bothf("%s longitude and latitude", Xian80)
	case 4214:
		s.Datum, s.Title = Beijing54, lang.Bothf("%s longitude and latitude", Beijing54)
	case 4979, 4480, 4555, 4612, 4258, 4267, 4269, 4283, 4284, 4230, 4277, 4313, 4314, 4167, 4674, 4617, 4618, 4619,
		6318, 6668, 7844, 9000, 9057:
		s.Datum, s.Title = Other, lang.Bothf("%s longitude and latitude", s.Name)
	case 3857:
		s.Degrees, s.Datum = false, WGS84
		s.Title = lang.Bothf("Web Mercator (WGS 84, web map tiles)")
	default:
		return projectedByCode(code)
	}
	return s
}

func projectedByCode(code int) System {
	if s, ok := nationalSystem(code); ok {
		return s
	}
	s := System{Name: epsg(code), Title: lang.Label{ZH: epsg(code), EN: epsg(code)}, EPSG: code, Datum: Other}
	switch zone := code % 100; {
	case zone < 1 || zone > 60:
	case code/100 == 326:
		s.Datum, s.Title = WGS84, lang.Bothf("WGS 84 / UTM zone %dN", zone)
	case code/100 == 327:
		s.Datum, s.Title = WGS84, lang.Bothf("WGS 84 / UTM zone %dS", zone)
	}
	return s
}

// parseLocal reads "gk:112.5" and "gk:112.5:38500000".
func parseLocal(name string) (grid, bool) {
	rest, ok := strings.CutPrefix(name, "gk:")
	if !ok {
		return grid{}, false
	}
	meridian, easting, more := strings.Cut(rest, ":")
	g := grid{easting: plain}
	var err error
	if g.meridian, err = decimal(meridian); err != nil || g.meridian < -180 || g.meridian > 180 {
		return grid{}, false
	}
	if more {
		if g.easting, err = decimal(easting); err != nil || g.easting < -1e8 || g.easting > 1e9 {
			return grid{}, false
		}
	}
	return g, true
}

// decimal reads a plain number; not hexadecimal, infinity or "nan".
func decimal(text string) (float64, error) {
	text = strings.TrimSpace(text)
	if strings.Trim(text, "+-.0123456789eE") != "" || len(text) > 40 {
		return 0, strconv.ErrSyntax
	}
	return strconv.ParseFloat(text, 64)
}
