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
			{"sewage", 2.5, "carriageway", 1}, {"rain", 7, "carriageway", 1}, {"telecom", 14, "footway", 0.8},
			{"water", -13, "footway", 0.8}, {"power", -15, "footway", 0.6}, {"lighting", -11, "green", 0.6},
			{"grate", 10, "carriageway", 0.5}, {"gas", 12.5, "footway", 0.5}, {"heat", -6, "carriageway", 0.3},
		}
	case "secondary":
		return []conduit{
			{"sewage", 1.5, "carriageway", 1}, {"rain", -4, "carriageway", 0.9}, {"telecom", 8.5, "footway", 0.5},
			{"water", -8, "footway", 0.6}, {"grate", 6, "carriageway", 0.4}, {"gas", 9.5, "footway", 0.3},
		}
	}
	return []conduit{
		{"sewage", 0.6, "carriageway", 1}, {"rain", -2.2, "carriageway", 0.6}, {"water", 4.2, "footway", 0.5},
		{"unknown", -4, "footway", 0.1},
	}
}

// run is a stretch of street with one conduit under it; the lowest ranks are surveyed first.
type run struct {
	street *street
	conduit
	from, to float64 // chainage
	rank     float64
}

// makeManholes sets 20,000 covers: the stretches surveyed first are the main roads and
// the streets downtown.
func (c *city) makeManholes() {
	d := newDice(c.seed, "manholes")
	var runs []run
	for _, s := range c.streets {
		if !s.rural {
			runs = append(runs, runsUnder(d, s)...)
		}
	}
	slices.SortStableFunc(runs, func(a, b run) int { return cmp.Compare(a.rank, b.rank) })
	serial := map[string]int{}
	taken := map[[2]int]bool{}
	for _, r := range runs {
		for _, p := range r.covers(d) {
			if len(c.manholes) == manholeCount {
				return
			}
			at := r.street.town.degrees(p)
			if crowded(taken, at) {
				continue
			}
			m := manhole{at: at, adcode: c.adcode(at), utility: r.utility, zone: r.zone}
			class := m.adcode + classCode(r.utility)
			serial[class]++
			m.code = fmt.Sprintf("%s%06d", class, serial[class])
			c.manholes = append(c.manholes, m)
		}
	}
}

// crowded reports whether a cover lies within about a metre of an earlier one, and
// keeps its place when none does.
func crowded(taken map[[2]int]bool, at orb.Point) bool {
	const metre = 1e-5 // of a degree, and a little more
	x, y := int(math.Floor(at[0]/metre)), int(math.Floor(at[1]/metre))
	for dx := -1; dx <= 1; dx++ {
		for dy := -1; dy <= 1; dy++ {
			if taken[[2]int{x + dx, y + dy}] {
				return true
			}
		}
	}
	taken[[2]int{x, y}] = true
	return false
}

// runsUnder divides a street at junctions some 600 m apart and draws the conduits under
// each stretch; one of them, at least, is ranked as if it lay downtown on a main road.
func runsUnder(d dice, s *street) []run {
	var out []run
	length, from := lineLength(s.line), 0.0
	for _, to := range append(slices.Clone(s.corners), length) {
		if to-from < 600 && to < length || to-from < 10 {
			continue
		}
		middle, _ := along(s.line, (from+to)/2)
		weight := math.Exp(-norm(middle) / 2600)
		if !s.town.central {
			weight = 0.1 * math.Exp(-norm(middle)/1200)
		}
		all := conduits(s.class)
		first := d.IntN(len(all))
		for i, k := range all {
			rank := d.Float64() / (weight * k.share)
			if i == first && s.class == "arterial" && s.town.central {
				rank /= 40
			}
			out = append(out, run{s, k, from, to, rank})
		}
		from = to
	}
	return out
}

// covers are the places of the covers of a run: every 30 to 50 m, and at junctions.
func (r run) covers(d dice) []orb.Point {
	var out []orb.Point
	s, k := r.street, r.conduit
	length := lineLength(s.line)
	put := func(at, off float64) {
		p, way := along(s.line, at)
		p = add(p, scale(left(way), off))
		if at > 2 && at < length-2 && !s.town.wet(p) && (s.town.river == nil ||
			!s.town.wet(add(p, scale(left(way), -2*off)))) {
			out = append(out, p)
		}
	}
	for at := r.from + d.between(5, 35); at < r.to; at += d.between(30, 50) {
		put(at, k.off+d.between(-0.5, 0.5))
		if k.utility == "grate" { // grates come in pairs, one at each kerb
			put(at+d.between(-1.5, 1.5), -k.off+d.between(-0.3, 0.3))
		}
	}
	for _, at := range s.corners {
		if at >= r.from && at < r.to && s.class != "local" && d.chance(0.3) {
			put(at+one(d, -1.0, 1)*d.between(5, 14), k.off+d.between(-1.5, 1.5))
		}
	}
	return out
}

// classCode is the five-digit component class of a utility's covers.
func classCode(utility string) string {
	return map[string]string{
		"water": "01001", "sewage": "01002", "rain": "01003", "grate": "01004", "power": "01005", "lighting": "01006",
		"telecom": "01007", "heat": "01010", "gas": "01011", "unknown": "01023",
	}[utility]
}
