package sample

import (
	"math"
	"slices"

	"github.com/paulmach/orb"
)

// highway joins two towns: adcodes, "" for the central city.
type highway struct{ name, from, to string }

func highways() []highway {
	return []highway{
		{"宛镇公路", "", "411324"}, {"镇内公路", "411324", "411325"}, {"内西公路", "411325", "411323"},
		{"内淅公路", "411325", "411326"}, {"西淅公路", "411323", "411326"}, {"宛召公路", "", "411321"},
		{"宛方公路", "", "411322"}, {"宛社公路", "", "411327"}, {"宛唐公路", "", "411328"},
		{"唐桐公路", "411328", "411330"}, {"宛新公路", "", "411329"}, {"宛邓公路", "", "411381"},
		{"邓新公路", "411381", "411329"}, {"邓淅公路", "411381", "411326"}, {"社方公路", "411327", "411322"},
		{"社唐公路", "411327", "411328"}, {"唐新公路", "411328", "411329"}, {"召方公路", "411321", "411322"},
		{"邓内公路", "411381", "411325"},
	}
}

// addHighways draws the highways between the towns, in the plane of the central city.
// They run through several divisions and are not among the 31 arterials.
func (c *city) addHighways() {
	d := newDice(c.seed, "highways")
	centre := c.towns[0]
	for _, h := range highways() {
		from, to := c.townOf(h.from), c.townOf(h.to)
		a := c.gate(from, centre.metres(to.origin))
		b := c.gate(to, centre.metres(from.origin))
		path := rough(a, b, 2200, d, func(_ orb.Point, length float64) float64 { return min(0.09*length, 3500) })
		c.streets = append(c.streets, &street{name: h.name, class: "arterial", rural: true, town: centre,
			line: smooth(path, 350)})
	}
}

func (c *city) townOf(adcode string) *town {
	i := slices.IndexFunc(c.towns, func(t *town) bool { return t.adcode == adcode })
	return c.towns[i]
}

// gate is where a highway toward a place leaves a town: the vertex of its outer ring, or
// the end of one of its main roads, that lies nearest. In the plane of the central city.
func (c *city) gate(t *town, toward orb.Point) orb.Point {
	centre := c.towns[0]
	best, least := orb.Point{}, math.Inf(1)
	for _, s := range c.streets {
		if s.town != t || s.rural || s.class != "arterial" {
			continue
		}
		ends := orb.LineString{s.line[0], s.line[len(s.line)-1]}
		if t.central {
			if !s.main31 || s.name != "外环路" {
				continue
			}
			ends = s.line
		}
		for _, p := range ends {
			if t.river != nil {
				if _, d := nearest(t.river.middle, p); d < 500 {
					continue
				}
			}
			p = centre.metres(t.degrees(p))
			if d := distance(p, toward); d < least {
				best, least = p, d
			}
		}
	}
	return best
}
