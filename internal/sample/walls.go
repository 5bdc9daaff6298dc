package sample

import (
	"cmp"
	"fmt"
	"math"
	"slices"
	"time"

	"github.com/paulmach/orb"
)

// wall is one site of wall removal along a main road of the central city.
type wall struct {
	code, name, kind, status, adcode string
	occupant, use                    string
	batch, number                    int
	street                           *street
	at, off                          float64 // chainage of its start, metres to the left of the road
	block                            int
	line                             orb.LineString
	height                           float64
	freed                            any // m², nil before the wall is down
	due, since, accepted             string
}

// stand is how many walls of a batch have reached a status.
type stand struct {
	status string
	walls  int
}

// firstBatch is where the 177 sites of the first batch stood on the sample's day.
func firstBatch() []stand {
	return []stand{
		{"handed_over", 46}, {"accepted", 78}, {"greening", 14}, {"demolished", 12}, {"demolishing", 9},
		{"planned", 7}, {"surveyed", 3}, {"postponed", 4}, {"unsuitable", 3}, {"cancelled", 1},
	}
}

func secondBatch() []stand {
	return []stand{
		{"surveyed", 14}, {"planned", 15}, {"demolishing", 6}, {"demolished", 2}, {"greening", 2}, {"accepted", 1},
	}
}

// makeWalls finds ground for both batches between the junctions of the 31 main roads,
// on either side, and numbers the sites along the roads.
func (c *city) makeWalls() {
	d := newDice(c.seed, "walls")
	units := newPairs(d, unitFirsts(), unitSeconds())
	slots := c.wallSlots(d)
	for batch, stands := range [][]stand{firstBatch(), secondBatch()} {
		var statuses []string
		for _, s := range stands {
			for range s.walls {
				statuses = append(statuses, s.status)
			}
		}
		d.Shuffle(len(statuses), func(i, j int) { statuses[i], statuses[j] = statuses[j], statuses[i] })
		sites := slots[:len(statuses)]
		slots = slots[len(statuses):]
		slices.SortFunc(sites, func(a, b wall) int {
			return cmp.Or(cmp.Compare(a.street.code, b.street.code), cmp.Compare(a.at, b.at), cmp.Compare(a.off, b.off))
		})
		for i, w := range sites {
			w.batch, w.number, w.status = batch+1, i+1, statuses[i]
			w.code = fmt.Sprintf("W%d-%03d", w.batch, w.number)
			w.describe(d, units)
			c.walls = append(c.walls, w)
		}
	}
}

// wallSlots lists every place for a wall, shuffled: between two junctions, 15 to 40 m
// beside the road, all in one block and one division.
func (c *city) wallSlots(d dice) []wall {
	var out []wall
	centre := c.towns[0]
	for _, s := range c.streets {
		if !s.main31 {
			continue
		}
		for i := 1; i < len(s.corners); i++ {
			from, to := s.corners[i-1]+32, s.corners[i]-32
			for _, side := range []float64{-1, 1} {
				if to-from < 70 {
					continue
				}
				length := d.between(60, min(460, to-from))
				w := wall{street: s, at: from + d.between(0, to-from-length), off: side * d.between(15, 38)}
				w.line = offset(part(s.line, w.at, w.at+length), w.off)
				w.block = centre.blockOf(w.line)
				w.adcode = c.adcodeOf(centre.line(w.line))
				if w.block >= 0 && !centre.blocks[w.block].park && w.adcode != "" {
					out = append(out, w)
				}
			}
		}
	}
	d.Shuffle(len(out), func(i, j int) { out[i], out[j] = out[j], out[i] })
	return out
}

// blockOf is the number of the block that holds all of a line, or -1.
func (t *town) blockOf(l orb.LineString) int {
	home := t.blockAt(l[0])
	if home < 0 {
		return -1
	}
	n := max(1, int(lineLength(l)/20))
	for i := 1; i <= n; i++ {
		p, _ := along(l, lineLength(l)*float64(i)/float64(n))
		if !t.blocks[home].contains(p) {
			return -1
		}
	}
	return home
}

func (w *wall) describe(d dice, units *pairs) {
	w.kind = weighted(d, []share[string]{{"wall", 60}, {"fence", 16}, {"hoarding", 12}, {"temporary", 7},
		{"illegal", 5}})
	w.occupant = units.next(one(d, unitEndings()...))
	w.name = w.street.name + sideName(w) + w.occupant + kindName(w.kind)
	w.height = math.Round(d.between(1.6, 3)*10) / 10
	w.due = weighted(d, []share[string]{{"2021-06-30", 88}, {"2021-05-31", 12}})
	if w.batch == 2 {
		w.due = weighted(d, []share[string]{{"2021-09-30", 60}, {"2021-12-31", 40}})
	}
	last := today()
	w.since = day(last.AddDate(0, 0, -d.count(3, 70)))
	switch w.status {
	case "accepted", "handed_over":
		on := weighted(d, []share[time.Time]{
			{last.AddDate(0, 0, -d.count(15, 125)), 90}, {last.AddDate(0, 0, -d.count(3, 14)), 10},
		})
		w.accepted, w.since = day(on), day(on)
		if w.status == "handed_over" {
			w.since = day(on.AddDate(0, 0, min(d.count(5, 25), int(last.Sub(on).Hours()/24))))
		}
	}
	if w.down() {
		w.freed = math.Round(lineLength(w.line) * d.between(3, 13))
		w.use = weighted(d, []share[string]{
			{"绿地", 40}, {"绿地、道路", 14}, {"绿地、停车场", 18}, {"停车场", 8}, {"道路", 5}, {"绿地、休闲设施", 18},
			{"绿地、卫生间、休闲设施", 5},
		})
	}
}

// down reports whether the wall is gone.
func (w *wall) down() bool {
	return slices.Contains([]string{"demolished", "greening", "accepted", "handed_over"}, w.status)
}

// sideName is the side of its road on which a wall stands.
func sideName(w *wall) string {
	_, direction := along(w.street.line, w.at)
	out := scale(left(direction), math.Copysign(1, w.off))
	switch {
	case math.Abs(out[0]) > math.Abs(out[1]) && out[0] > 0:
		return "东侧"
	case math.Abs(out[0]) > math.Abs(out[1]):
		return "西侧"
	case out[1] > 0:
		return "北侧"
	}
	return "南侧"
}

func kindName(kind string) string {
	return map[string]string{"wall": "围墙", "hoarding": "围挡", "fence": "围栏", "illegal": "违建", "temporary": "临建"}[kind]
}
