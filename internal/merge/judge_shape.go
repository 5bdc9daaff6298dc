package merge

import (
	"strings"

	"yizhan/internal/lang"
)

// shapeFaults are what ST_IsValidReason says (GEOS, TopologyValidationError), in Chinese.
var shapeFaults = map[string]string{
	"Self-intersection":                    "边界自相交",
	"Ring Self-intersection":               "环自相接",
	"Hole lies outside shell":              "洞在外环之外",
	"Holes are nested":                     "洞中有洞",
	"Nested shells":                        "面与面重叠",
	"Interior is disconnected":             "内部不连通",
	"Duplicate Rings":                      "环重复",
	"Too few points in geometry component": "点数不足",
}

// shapeFault is what is wrong with a polygon and where, such as «Self-intersection[0.5 0.5]».
func shapeFault(why string) lang.Label {
	fault, place, _ := strings.Cut(strings.TrimSuffix(why, "]"), "[")
	said := lang.Label{ZH: fault, EN: fault}
	if zh, known := shapeFaults[fault]; known {
		said.ZH = zh
	}
	if place != "" {
		place = strings.Replace(place, " ", ", ", 1)
		said.ZH, said.EN = said.ZH+"，在 "+place, said.EN+" at "+place
	}
	return said
}
