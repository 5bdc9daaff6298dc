package merge

import (
	"strings"

	"yizhan/internal/lang"
)

// shapeFault is what is wrong with a polygon, and where, from what ST_IsValidReason says,
// such as «Self-intersection[0.5 0.5]» (GEOS, TopologyValidationError).
func shapeFault(why string) lang.Label {
	fault, at, placed := strings.Cut(strings.TrimSuffix(why, "]"), "[")
	if !placed {
		return shapeFaultTitle(fault)
	}
	return lang.Bothf("%s at %s", shapeFaultTitle(fault), strings.Replace(at, " ", ", ", 1))
}

func shapeFaultTitle(fault string) lang.Label {
	switch fault {
	case "Self-intersection":
		return lang.Bothf("Self-intersection")
	case "Ring Self-intersection":
		return lang.Bothf("Ring Self-intersection")
	case "Hole lies outside shell":
		return lang.Bothf("Hole lies outside shell")
	case "Holes are nested":
		return lang.Bothf("Holes are nested")
	case "Nested shells":
		return lang.Bothf("Nested shells")
	case "Interior is disconnected":
		return lang.Bothf("Interior is disconnected")
	case "Duplicate Rings":
		return lang.Bothf("Duplicate Rings")
	case "Too few points in geometry component":
		return lang.Bothf("Too few points in geometry component")
	}
	return lang.Label{ZH: fault, EN: fault}
}
