package sample

import (
	"slices"

	"github.com/paulmach/orb"
)

// place is what country roads join: a township, or a town to be entered by a gate.
type place struct {
	at   orb.Point // in the plane of the central city
	town *town     // nil for a township
}

// addLanes strews townships over the prefecture, 9 km apart, and joins neighbours by
// country roads.
func (c *city) addLanes() {
	d := newDice(c.seed, "lanes")
	names := newPairs(d, streetFirsts(), streetSeconds())
	centre := c.towns[0]
	places := c.townships(d)
	for i, a := range places {
		for j, b := range places[:i] {
			if a.town != nil && b.town != nil || distance(a.at, b.at) > 24000 || !neighbours(places, i, j) {
				continue
			}
			from, to := a.at, b.at
			if a.town != nil {
				from = c.gate(a.town, b.at)
			}
			if b.town != nil {
				to = c.gate(b.town, a.at)
			}
			path := rough(from, to, 1500, d, func(_ orb.Point, length float64) float64 { return 0.11 * length })
			line := smooth(path, 400)
			if slices.ContainsFunc(line, func(p orb.Point) bool {
				return centre.wet(p) ||
					c.adcode(centre.degrees(p)) == ""
			}) {
				continue
			}
			c.streets = append(c.streets, &street{name: names.next("乡道"), class: "local", rural: true, town: centre,
				line: line})
		}
	}
}

// townships are the towns, then random places at least 9 km from all others.
func (c *city) townships(d dice) []place {
	centre := c.towns[0]
	var out []place
	for _, t := range c.towns {
		out = append(out, place{centre.metres(t.origin), t})
	}
	for range 6000 {
		at := orb.Point{d.between(110.97, 113.81), d.between(32.28, 33.80)}
		p := centre.metres(at)
		if norm(p) < 12500 || c.adcode(at) == "" || slices.ContainsFunc(out,
			func(o place) bool { return distance(o.at, p) < 9000 }) {
			continue
		}
		out = append(out, place{at: p})
	}
	return out
}

// neighbours reports whether no other place lies in the circle between two (Gabriel).
func neighbours(all []place, i, j int) bool {
	middle := lerp(all[i].at, all[j].at, 0.5)
	radius := distance(all[i].at, middle)
	for k, o := range all {
		if k != i && k != j && distance(o.at, middle) < radius {
			return false
		}
	}
	return true
}
