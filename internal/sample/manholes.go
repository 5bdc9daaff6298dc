package sample

import (
	"cmp"
	"fmt"
	"math"
	"slices"

	"github.com/paulmach/orb"
)

// manhole is one cover. Its code is 17 digits: division, class and serial number.
type manhole struct {
	code, adcode, utility, zone string
	at                          orb.Point // in degrees
}

const manholeCount = 20000

// conduit is a line of covers along streets of a class: a utility, how far left of the
// middle it runs, what part of the road that is, and how often such streets have one.
type conduit struct {
	utility string
	off     float64
	zone    string
	share   float64
}

func conduits(class string) []conduit {
	switch class {
	case "arterial":
		return []conduit{
			{"rain", 7, "carriageway", 1}, {"sewage", 2.5, "carriageway", 1}, {"telecom", 14, "footway", 0.8},
			{"water", -13, "footway", 0.8}, {"power", -15, "footway", 0.5}, {"lighting", -11, "green", 0.4},
			{"grate", 10, "carriageway", 0.5}, {"gas", 12.5, "footway", 0.35}, {"heat", -6, "carriageway", 0.2},
		}
	case "secondary":
		return []conduit{
			{"sewage", 1.5, "carriageway", 0.9}, {"rain", -4, "carriageway", 0.8}, {"telecom", 8.5, "footway", 0.5},
			{"water", -8, "footway", 0.5}, {"grate", 6, "carriageway", 0.3}, {"gas", 9.5, "footway", 0.2},
		}
	}
	return []conduit{
		{"sewage", 0.6, "carriageway", 0.8}, {"rain", -2.2, "carriageway", 0.4}, {"water", 4.2, "footway", 0.3},
		{"unknown", -4, "footway", 0.05},
	}
}

// makeManholes sets 20,000 covers: the streets surveyed first are those downtown and the
// main roads, and covers cluster at junctions.
func (c *city) makeManholes() {
	type run struct {
		street *street
		conduit
		rank float64
	}
	d := newDice(c.seed, "manholes")
	var runs []run
	for _, s := range c.streets {
		if s.rural {
			continue
		}
		middle, _ := along(s.line, lineLength(s.line)/2)
		weight := math.Exp(-norm(middle) / 3800)
		if !s.town.central {
			weight = 0.3 * math.Exp(-norm(middle)/1500)
		}
		for _, k := range conduits(s.class) {
			runs = append(runs, run{s, k, d.Float64() / (weight * k.share)})
		}
	}
	slices.SortStableFunc(runs, func(a, b run) int { return cmp.Compare(a.rank, b.rank) })
	serial := map[string]int{}
	for _, r := range runs {
		for _, p := range coversAlong(d, r.street, r.conduit) {
			at := r.street.town.degrees(p)
			if len(c.manholes) == manholeCount {
				return
			}
			m := manhole{at: at, adcode: c.adcode(at), utility: r.utility, zone: r.zone}
			class := m.adcode + classCode(r.utility)
			serial[class]++
			m.code = fmt.Sprintf("%s%06d", class, serial[class])
			c.manholes = append(c.manholes, m)
		}
	}
}

// coversAlong are the places of covers of one conduit: every 30 to 50 m, and at junctions.
func coversAlong(d dice, s *street, k conduit) []orb.Point {
	var out []orb.Point
	length := lineLength(s.line)
	put := func(at, off float64) {
		p, way := along(s.line, at)
		p = add(p, scale(left(way), off))
		if at > 2 && at < length-2 && !s.town.wet(p) && (s.town.river == nil || !s.town.wet(add(p, scale(left(way), -2*off)))) {
			out = append(out, p)
		}
	}
	for at := d.between(5, 35); at < length; at += d.between(30, 50) {
		put(at, k.off+d.between(-0.5, 0.5))
		if k.utility == "grate" { // grates come in pairs, one at each kerb
			put(at+d.between(-1.5, 1.5), -k.off+d.between(-0.3, 0.3))
		}
	}
	for _, at := range s.corners {
		if s.class != "local" && d.chance(0.25) {
			put(at+one(d, -1.0, 1)*d.between(5, 14), k.off+d.between(-1.5, 1.5))
		}
	}
	return out
}

// classCode is the five-digit component class of a utility's covers (DOMAIN §2.1).
func classCode(utility string) string {
	return map[string]string{
		"water": "01001", "sewage": "01002", "rain": "01003", "grate": "01004", "power": "01005", "lighting": "01006",
		"telecom": "01007", "heat": "01010", "gas": "01011", "unknown": "01023",
	}[utility]
}
