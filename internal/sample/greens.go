package sample

import (
	"fmt"
	"math"

	"github.com/paulmach/orb"
)

// green is a plot of green ground, in the plane of its town.
type green struct {
	code, name, kind, status, adcode string
	wall                             string // code of the wall site that it was won from
	requisitioned                    bool
	town                             *town
	shape                            ground
	area                             float64 // m²
}

const greenCount = 300

// makeGreens fills 300 plots: the parks, the river banks, the ground won from walls, and
// pocket parks in the blocks of the centre and of the county towns.
func (c *city) makeGreens() {
	d := newDice(c.seed, "greens")
	names := newPairs(d, streetFirsts(), streetSeconds())
	c.addParks(d, names)
	c.addRiverParks(d)
	c.addWallGreens(d)
	centre := c.kerbs(c.towns[0], 70)
	for i := 0; len(c.greens) < greenCount; i++ {
		t, places := c.towns[0], centre
		if i%8 == 7 {
			t = c.towns[1+i/8%(len(c.towns)-1)]
			places = c.kerbs(t, 70)
		}
		k := one(d, places...)
		if norm(k.at) > 5500*math.Sqrt(d.Float64()) {
			continue
		}
		c.addPocketPark(d, t, k, names)
	}
}

// addGreen numbers a plot, unless it would lie on another or across a border of divisions.
func (c *city) addGreen(g green) bool {
	for _, o := range c.greens {
		if o.town == g.town && overlap(o.shape, g.shape) {
			return false
		}
	}
	g.adcode = c.adcodeOf(g.town.polygon(g.shape)[0])
	if g.adcode == "" {
		return false
	}
	g.code = fmt.Sprintf("G-%03d", len(c.greens)+1)
	g.area = g.shape.area()
	c.greens = append(c.greens, g)
	return true
}

// overlap reports whether two grounds share any place.
func overlap(a, b ground) bool {
	if !a.bound().Intersects(b.bound()) {
		return false
	}
	closed := append(orb.LineString(b[:len(b):len(b)]), b[0])
	return a.contains(b[0]) || b.contains(a[0]) || len(a.crossings(closed)) > 0
}

// addParks makes parks of the blocks that were kept free for them.
func (c *city) addParks(d dice, names *pairs) {
	for _, t := range c.towns {
		for i := range t.blocks {
			b := &t.blocks[i]
			if !b.park {
				continue
			}
			shape := b.inset(d.between(16, 24))
			if shape == nil {
				shape = b.shrunk(0.92)
			}
			if !inside(shape, b.ground, 6) {
				continue
			}
			g := green{name: names.next("公园"), kind: "park", status: "maintained", town: t, shape: rounded(shape, 2)}
			if g.shape.area() > 4e5 {
				g.name = "独山森林公园"
			}
			b.used = c.addGreen(g)
		}
	}
}

// rounded cuts the corners of a ground, again and again (Chaikin).
func rounded(g ground, times int) ground {
	for range times {
		var out ground
		for i, p := range g {
			q := g[(i+1)%len(g)]
			cut := min(0.25, 30/distance(p, q))
			out = append(out, lerp(p, q, cut), lerp(q, p, cut))
		}
		g = out
	}
	return g.tidy(0.5)
}

// addWallGreens plants the ground won from walls, behind the line where they stood.
func (c *city) addWallGreens(d dice) {
	centre := c.towns[0]
	for i := range c.walls {
		w := &c.walls[i]
		if !w.down() || w.status == "demolished" && d.chance(0.7) || d.chance(0.12) {
			continue
		}
		deep := weighted(d, []share[float64]{{d.between(1, 1.6), 14}, {d.between(4, 9), 40}, {d.between(9, 24), 46}})
		shape := strip(d, w.line, math.Copysign(1.5, w.off), math.Copysign(deep, w.off))
		block := centre.blocks[w.block]
		if !inside(shape, block.ground, 4) {
			continue
		}
		g := green{
			name: w.street.name + w.occupant, wall: w.code, town: centre, shape: shape,
			status: map[string]string{"demolished": "planned", "greening": "building", "accepted": "open",
				"handed_over": "maintained"}[w.status],
		}
		switch {
		case deep < 2:
			g.kind, g.name = "vertical", g.name+"垂直绿化"
		case deep < 9:
			g.kind, g.name = "street_green", g.name+"街头绿地"
		case shape.area() < 900:
			g.kind, g.name = "micro_landscape", g.name+"微景观"
		default:
			g.kind, g.name = "pocket_park", g.name+"小游园"
		}
		c.addGreen(g)
	}
}

// strip is the ground beside a line, from near to near+deep metres off it, its far side
// uneven unless it is narrow.
func strip(d dice, l orb.LineString, near, deep float64) ground {
	length := lineLength(l)
	n := max(2, int(length/14))
	var inner, outer ground
	for i := 0; i <= n; i++ {
		p, way := along(l, length*float64(i)/float64(n))
		far := near + deep
		if math.Abs(deep) > 3 {
			far = near + deep*d.between(0.7, 1)
		}
		inner = append(inner, add(p, scale(left(way), near)))
		outer = append(outer, add(p, scale(left(way), far)))
	}
	reverse(outer)
	out := append(inner, outer...)
	if out.area() < 0 {
		reverse(out)
	}
	return out
}

// inside reports whether all corners of a shape lie in a ground, off its border.
func inside(shape, g ground, off float64) bool {
	for _, p := range shape {
		if !g.contains(p) || g.edgeDistance(p) < off {
			return false
		}
	}
	return shape.simple()
}

func writeGreens(c *city, out *sheet) {
	d := newDice(c.seed, "green details")
	for _, g := range c.greens {
		shape := g.town.polygon(g.shape)
		canopy := map[string]float64{"park": 0.55, "pocket_park": 0.4, "street_green": 0.35, "micro_landscape": 0.2,
			"vertical": 0.1}[g.kind]
		out.feature(orb.MultiPolygon{shape},
			property{"code", g.code},
			property{"name", g.name},
			property{"adcode", g.adcode},
			property{"grid_code", c.gridCode(g.adcode, shape[0][0])},
			property{"maint_org", "园林绿化中心"},
			property{"status_since", day(today().AddDate(0, 0, -d.count(10, 700)))},
			property{"source", "合成"},
			property{"kind", g.kind},
			property{"status", g.status},
			property{"requisitioned", g.requisitioned},
			property{"area_m2", g.area},
			property{"canopy", canopy * d.between(0.6, 1.4)},
			property{"from_wall_site", g.wall},
		)
	}
}
