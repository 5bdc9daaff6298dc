package sample

import (
	"fmt"

	"github.com/paulmach/orb"
)

// makeStreets lays out every town, joins and names its streets, and draws the highways
// between the towns.
func (c *city) makeStreets() {
	t, streets := makeCentre(c.seed)
	c.addTown(t, streets)
	for _, s := range seats() {
		if !s.central {
			t, streets := makeCountyTown(c.seed, s)
			c.addTown(t, streets)
		}
	}
	c.markDemonstrations()
	c.addHighways()
	c.addLanes()
	for i, s := range c.streets {
		s.code = fmt.Sprintf("RD-%04d", i+1)
		s.adcode = c.adcodeOf(s.town.line(s.line))
	}
}

func (c *city) addTown(t *town, streets []*street) {
	streets = joinStreets(streets)
	node(streets)
	names := newPairs(newDice(c.seed, "street names "+t.adcode), streetFirsts(), streetSeconds())
	for _, s := range streets {
		switch {
		case s.name != "":
		case s.class == "secondary":
			s.name = names.next("路")
		case lineLength(s.line) > 400:
			s.name = names.next("街")
		default:
			s.name = names.next("巷")
		}
	}
	c.towns = append(c.towns, t)
	c.streets = append(c.streets, streets...)
}

// markDemonstrations names the demonstration roads of the counties: most have the two
// that they owe, some have fewer.
func (c *city) markDemonstrations() {
	have := map[string]int{
		"411321": 2, "411322": 3, "411323": 2, "411324": 2, "411325": 1, "411326": 2,
		"411327": 0, "411328": 2, "411329": 3, "411330": 1, "411381": 4,
	}
	for _, s := range c.streets {
		if s.class == "arterial" && have[s.town.adcode] > 0 {
			have[s.town.adcode]--
			s.demo = true
		}
	}
}

func writeRoads(c *city, out *sheet) {
	for _, s := range c.streets {
		line := s.town.line(s.line)
		out.feature(orb.MultiLineString{line},
			property{"code", s.code},
			property{"name", s.name},
			property{"adcode", s.adcode},
			property{"class", s.class},
			property{"is_arterial31", s.main31},
			property{"is_demo", s.demo},
			property{"length_m", groundLength(line)},
			property{"corridor_m", 50},
			property{"maint_org", "市政工程服务中心"},
			property{"source", "合成"},
			property{"surveyed_at", "2021-03-01"},
		)
	}
}
