package coords

import (
	"regexp"
	"strings"
	"unicode"
)

// role is what a column of coordinates holds.
type role int

const (
	noRole    role = iota
	longitude      // 经度, lon
	latitude       // 纬度, lat
	easting        // 东坐标、横坐标、Y坐标
	northing       // 北坐标、纵坐标、X坐标
	plainX         // X: which of the two it is, the numbers decide
	plainY
	lonLat // both in one cell, longitude or easting first
	latLon
	wktText // well-known text
)

// nameMeaning is what the name of a column says of coordinates.
type nameMeaning struct {
	role  role
	about string // what is left of the name: 经度_gcj02 and 纬度_gcj02 go together
	datum string // gcj02, bd09, wgs84, cgcs2000, xian80, beijing54, EPSG:4547; "" when it says none
	sure  bool   // the name means this and nothing else
}

// Words of whole names and of their parts. Chinese surveying calls the northing X
// or 纵坐标 and the easting Y or 横坐标 (so do the axes of EPSG:4547): the words with 坐标 say so, a bare X does not.
var (
	chineseRoles = []struct {
		word string
		role role
	}{
		{"东坐标", easting}, {"横坐标", easting}, {"y坐标", easting}, {"坐标y", easting}, {"东向坐标", easting},
		{"北坐标", northing}, {"纵坐标", northing}, {"x坐标", northing}, {"坐标x", northing}, {"北向坐标", northing},
		{"经度", longitude}, {"东经", longitude}, {"纬度", latitude}, {"北纬", latitude},
	}
	latinRoles = map[string]role{
		"lon": longitude, "lng": longitude, "long": longitude, "longitude": longitude, "jd": longitude,
		"jingdu": longitude, "经": longitude,
		"gpslon": longitude, "gpslng": longitude, "gpslongitude": longitude,
		"lat": latitude, "latitude": latitude, "wd": latitude, "weidu": latitude, "纬": latitude, "gpslat": latitude,
		"gpslatitude": latitude,
		"easting":     easting, "east": easting, "e": easting, "东": easting,
		"northing": northing, "north": northing, "n": northing, "北": northing,
		"x": plainX, "xcoord": plainX, "coordx": plainX, "pointx": plainX,
		"y": plainY, "ycoord": plainY, "coordy": plainY, "pointy": plainY,
		"lnglat": lonLat, "lonlat": lonLat, "location": lonLat, "coordinate": lonLat, "coordinates": lonLat,
		"coords": lonLat, "xy": lonLat,
		"latlng": latLon, "latlon": latLon,
		"wkt": wktText, "geowkt": wktText, "geomwkt": wktText, "wktgeom": wktText,
	}
	wktNames = map[string]bool{
		"geom": true, "geometry": true, "thegeom": true, "shape": true, "几何": true, "图形": true, "几何图形": true,
		"几何信息": true, "空间信息": true, "空间数据": true, "图形数据": true, "几何数据": true, "wkbgeometry": true,
	}
	datumNames = []struct{ word, datum string }{
		{"gcj02", "gcj02"}, {"gcj", "gcj02"}, {"火星", "gcj02"}, {"高德", "gcj02"}, {"amap", "gcj02"}, {"腾讯", "gcj02"},
		{"bd09ll", "bd09"}, {"bd09", "bd09"}, {"百度", "bd09"}, {"baidu", "bd09"},
		{"wgs1984", "wgs84"}, {"wgs84", "wgs84"}, {"wgs", "wgs84"},
		{"cgcs2000", "cgcs2000"}, {"国家2000", "cgcs2000"}, {"大地2000", "cgcs2000"},
		{"西安1980", "xian80"}, {"西安80", "xian80"}, {"xian1980", "xian80"}, {"xian80", "xian80"},
		{"北京1954", "beijing54"}, {"北京54", "beijing54"}, {"beijing1954", "beijing54"}, {"beijing54", "beijing54"},
	}
	simplified = map[rune]rune{'經': '经', '緯': '纬', '東': '东', '縱': '纵', '橫': '横', '標': '标', '圖': '图', '幾': '几',
		'計': '计', '總': '总'}
	epsgName  = regexp.MustCompile(`epsg[:_ -]*([0-9]{4,6})`)
	brackets  = regexp.MustCompile(`[(\[【〔{][^)\]】〕}]*[)\]】〕}]`)
	nameParts = regexp.MustCompile(`[a-z0-9]+|[^\sa-z0-9[:punct:]]+`)
)

// meaningOf finds out what a column's name says of coordinates. Case, width,
// spaces and units in brackets do not matter.
func meaningOf(name string) nameMeaning {
	if len(name) > 200 {
		return nameMeaning{}
	}
	folded := Fold(name)
	p := nameMeaning{datum: datumOf(folded)}
	inside := strings.Join(brackets.FindAllString(folded, -1), " ")
	outside := brackets.ReplaceAllString(folded, " ")
	if p.role, _ = roleOf(inside); p.role > northing {
		p.role = noRole // X(m), 坐标(x,y): what stands outside says more
	}
	outer, about := roleOf(outside)
	if p.role == noRole || outer == noRole {
		p.role = outer
	}
	if outer == noRole {
		p.role = noRole
	}
	p.about, p.sure = about, about == ""
	return p
}

// roleOf reads a folded name and returns what of it is not the role.
func roleOf(name string) (role, string) {
	parts := nameParts.FindAllString(name, -1)
	key := strings.Join(parts, "")
	switch {
	case key == "":
		return noRole, ""
	case wktNames[key]:
		return wktText, "geometry"
	case latinRoles[key] != noRole:
		return latinRoles[key], ""
	}
	lon, lat := strings.Index(key, "经度"), strings.Index(key, "纬度")
	switch {
	case strings.Contains(key, "经纬度"), lon >= 0 && lat > lon:
		return lonLat, ""
	case strings.Contains(key, "纬经度"), lat >= 0 && lon > lat:
		return latLon, ""
	}
	for _, r := range chineseRoles {
		if before, after, found := strings.Cut(key, r.word); found && !strings.HasPrefix(after, "系") {
			return r.role, before + after
		}
	}
	for i, part := range parts {
		if r := latinRoles[part]; r != noRole {
			rest := strings.Join(parts[:i], "") + strings.Join(parts[i+1:], "")
			return r, rest
		}
	}
	if before, found := strings.CutSuffix(key, "坐标"); found {
		return lonLat, before
	}
	return noRole, ""
}

func datumOf(folded string) string {
	if m := epsgName.FindStringSubmatch(folded); m != nil {
		return "EPSG:" + m[1]
	}
	key := strings.Join(nameParts.FindAllString(folded, -1), "")
	for _, d := range datumNames {
		if strings.Contains(key, d.word) {
			return d.datum
		}
	}
	return ""
}

// Fold writes a name in lower case, half width and, for the words looked for,
// simplified characters, without spaces around it.
func Fold(name string) string {
	return strings.TrimSpace(strings.Map(func(r rune) rune {
		switch {
		case r > 0xff00 && r < 0xff5f:
			r -= 0xfee0 // the full-width forms of ASCII, U+FF01 to U+FF5E
		case unicode.IsSpace(r):
			r = ' '
		case r == '\ufeff' || r == '\u200b':
			return -1
		case simplified[r] != 0:
			return simplified[r]
		}
		return unicode.ToLower(r)
	}, name))
}
