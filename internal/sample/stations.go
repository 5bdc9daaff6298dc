package sample

import (
	"cmp"
	"fmt"
	"math"
	"slices"
	"strings"

	"github.com/paulmach/orb"
)

// station is a city-management station near a junction.
type station struct {
	code, name, status, adcode string
	town                       *town
	at                         orb.Point // in the plane of its town
	block                      int
	branch                     string // name of its Party branch
}

const centralStations, countyStations = 32, 8

// makeStations sets the stations: in the centre near junctions of main roads, well apart
// and denser downtown, numbered outward from the middle; then one in some county towns.
func (c *city) makeStations() {
	d := newDice(c.seed, "stations")
	c.stations = c.setStations(d, c.towns[0], centralStations)
	slices.SortFunc(c.stations, func(a, b station) int { return cmp.Compare(norm(a.at), norm(b.at)) })
	others := slices.Clone(c.towns[1:])
	d.Shuffle(len(others), func(i, j int) { others[i], others[j] = others[j], others[i] })
	for _, t := range others[:countyStations] {
		c.stations = append(c.stations, c.setStations(d, t, 1)...)
	}
	for i := range c.stations {
		s := &c.stations[i]
		s.code = fmt.Sprintf("ST-%03d", i+1)
		s.branch = strings.TrimSuffix(s.name, "城管驿站") + "驿站支部"
		s.status = "open"
	}
	for i, status := range map[int]string{8: "trial", 17: "trial", 22: "trial", 26: "building", 29: "building",
		30: "planned", 31: "closed", 38: "trial"} {
		c.stations[i].status = status
	}
}

// setStations chooses n junctions of main roads of a town, those in the middle first on
// the whole, and further apart the further out they are. Where the town has no room for
// n, they move closer together.
func (c *city) setStations(d dice, t *town, n int) []station {
	candidates := c.mainJunctions(t)
	rank := make(map[orb.Point]float64, len(candidates))
	for _, j := range candidates {
		rank[j.at] = norm(j.at) * d.between(0.6, 1.2)
	}
	slices.SortStableFunc(candidates, func(a, b junction) int { return cmp.Compare(rank[a.at], rank[b.at]) })
	var out []station
	for apart := 1.0; len(out) < n && apart > 0.1; apart *= 0.9 {
		for _, j := range candidates {
			s := station{name: c.stationName(t, j), town: t}
			near := func(o station) bool {
				return distance(o.at, j.at) < apart*(820+0.14*norm(j.at)) || o.name == s.name
			}
			if len(out) < n && norm(j.at) < 5300 && !slices.ContainsFunc(out, near) && c.settle(d, &s, j.at) {
				out = append(out, s)
			}
		}
	}
	return out
}

func (c *city) stationName(t *town, j junction) string {
	if t.central {
		return j.name + "城管驿站"
	}
	return strings.TrimRight(c.divisionName(t.adcode), "县市") + j.name + "城管驿站"
}

// settle finds a station a place in a block at a corner of a junction.
func (c *city) settle(d dice, s *station, corner orb.Point) bool {
	for range 12 {
		s.at = add(corner, turn(orb.Point{d.between(34, 52), 0}, d.between(0, 2*math.Pi)))
		s.block = s.town.blockAt(s.at)
		if s.block >= 0 && !s.town.blocks[s.block].park && s.town.blocks[s.block].edgeDistance(s.at) > 16 {
			s.adcode = c.adcode(s.town.degrees(s.at))
			return true
		}
	}
	return false
}

// junction is a meeting of two main roads.
type junction struct {
	at   orb.Point
	name string
}

func (c *city) mainJunctions(t *town) []junction {
	var roads []*street
	for _, s := range c.streets {
		if s.town == t && s.class == "arterial" && !s.rural {
			roads = append(roads, s)
		}
	}
	var out []junction
	for i, s := range roads {
		for _, at := range s.corners {
			p, _ := along(s.line, at)
			for _, other := range roads[i+1:] {
				if !other.bounds.Pad(1).Contains(p) {
					continue
				}
				if _, away := nearest(other.line, p); away < 0.1 {
					out = append(out, junction{p, s.name + other.name})
				}
			}
		}
	}
	return out
}

func writeStations(c *city, out *sheet) {
	d := newDice(c.seed, "station details")
	for i, s := range c.stations {
		class, premises := "2", one(d, "bureau", "community")
		functions, hours := "用餐、休息、学习、交流、应急", "06:30—21:00"
		if i%4 == 0 {
			class = "1"
		} else {
			functions = one(d, "用餐、休息、学习、交流、应急", "用餐、休息、交流、应急", "休息、学习、交流、应急", "休息、学习、应急", "用餐、休息、应急")
			hours = one(d, "07:00—21:00", "07:00—20:00", "08:00—18:00", "06:00—22:00")
		}
		if i%9 == 3 {
			hours = "00:00-24:00"
		}
		at := s.town.degrees(s.at)
		area := d.count(30, 90) + d.count(40, 110)*btoi(class == "1")
		out.feature(at,
			property{"code", s.code},
			property{"name", s.name},
			property{"adcode", s.adcode},
			property{"grid_code", c.gridCode(s.adcode, at)},
			property{"super_org", "驿站管理服务中心"},
			property{"status_since", day(today().AddDate(0, 0, -d.count(20, 400)))},
			property{"source", "合成"},
			property{"pos_class", "A"},
			property{"status", s.status},
			property{"class", class},
			property{"functions", functions},
			property{"premises_source", premises},
			property{"area_m2", area},
			property{"capacity", area / 4},
			property{"open_hours", hours},
			property{"radius_m", stationRadius},
			property{"branch_org", s.branch},
		)
	}
}

func btoi(yes bool) int {
	if yes {
		return 1
	}
	return 0
}
