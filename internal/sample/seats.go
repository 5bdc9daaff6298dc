package sample

import "github.com/paulmach/orb"

// seat is a division of Nanyang and the place of its government.
type seat struct {
	adcode, name, level string
	central             bool
	at                  orb.Point
}

// seats lists the thirteen divisions: codes of GB/T 2260, places from GeoNames (CC BY 4.0).
func seats() []seat {
	return []seat{
		{"411302", "宛城区", "district", true, orb.Point{112.5528, 32.9961}},
		{"411303", "卧龙区", "district", true, orb.Point{112.5148, 33.0098}},
		{"411321", "南召县", "county", false, orb.Point{112.43405, 33.48714}},
		{"411322", "方城县", "county", false, orb.Point{113.00099, 33.25692}},
		{"411323", "西峡县", "county", false, orb.Point{111.47865, 33.30761}},
		{"411324", "镇平县", "county", false, orb.Point{112.22763, 33.03457}},
		{"411325", "内乡县", "county", false, orb.Point{111.84282, 33.04902}},
		{"411326", "淅川县", "county", false, orb.Point{111.47943, 33.1392}},
		{"411327", "社旗县", "county", false, orb.Point{112.92991, 33.05375}},
		{"411328", "唐河县", "county", false, orb.Point{112.83234, 32.68545}},
		{"411329", "新野县", "county", false, orb.Point{112.36514, 32.52875}},
		{"411330", "桐柏县", "county", false, orb.Point{113.40407, 32.37498}},
		{"411381", "邓州市", "city", false, orb.Point{112.08873, 32.68273}},
	}
}

// outline is a made-up outer border of the prefecture, in degrees, counter-clockwise,
// within 110.97-113.81 E and 32.28-33.80 N.
func outline() orb.LineString {
	return orb.LineString{
		{111.03, 33.25}, {111.10, 33.06}, {111.26, 32.93}, {111.30, 32.75}, {111.50, 32.61}, {111.71, 32.63},
		{111.88, 32.50}, {112.09, 32.40}, {112.30, 32.38}, {112.50, 32.35}, {112.72, 32.37}, {112.95, 32.43},
		{113.12, 32.39}, {113.25, 32.33}, {113.43, 32.30}, {113.62, 32.33}, {113.76, 32.40}, {113.69, 32.57},
		{113.53, 32.65}, {113.42, 32.79}, {113.30, 32.92}, {113.36, 33.08}, {113.45, 33.20}, {113.39, 33.35},
		{113.22, 33.39}, {113.10, 33.52}, {112.92, 33.55}, {112.72, 33.63}, {112.52, 33.68}, {112.30, 33.65},
		{112.10, 33.73}, {111.90, 33.67}, {111.68, 33.75}, {111.45, 33.73}, {111.30, 33.61}, {111.13, 33.56},
		{111.04, 33.42}, {111.03, 33.25},
	}
}
