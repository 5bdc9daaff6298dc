package sample

import (
	"fmt"
	"math"
	"slices"

	"github.com/paulmach/orb"
)

// addRiverParks lays parks between the quays and the water, broken at the bridges.
func (c *city) addRiverParks(d dice) {
	centre := c.towns[0]
	for _, side := range []struct {
		quay, name string
		bank       orb.LineString
	}{{"滨河路", "白河北岸", centre.river.north}, {"白河大道", "白河南岸", centre.river.south}} {
		quay := c.mainRoad(side.quay)
		number := 0
		length := lineLength(side.bank)
		end := d.between(500, 1100)
		var inner, outer ground
		for at := 0.0; at < length; at += 40 {
			edge, _ := along(side.bank, at)
			s, away := nearest(quay.line, edge)
			road, _ := along(quay.line, s)
			p := lerp(road, edge, 24/away)
			q := lerp(edge, road, d.between(8, 16)/away)
			clear := away > 70 && away < 300 && centre.outline.contains(edge) && c.offBridges(quay, lerp(p, q, 0.5))
			if clear {
				inner, outer = append(inner, p), append(outer, q)
			}
			if (!clear || at > end) && len(inner) > 0 {
				if len(inner) > 4 && c.addRiverPark(inner, outer, fmt.Sprintf("%s滨河公园%d段", side.name, number+1)) {
					number++
				}
				inner, outer = nil, nil
				end = at + d.between(500, 1100)
			}
		}
	}
}

func (c *city) addRiverPark(inner, outer ground, name string) bool {
	slices.Reverse(outer)
	shape := rounded(append(inner, outer...), 1)
	if shape.area() < 0 {
		reverse(shape)
	}
	return shape.simple() && c.addGreen(green{name: name, kind: "park", status: "open", town: c.towns[0], shape: shape})
}

func (c *city) mainRoad(name string) *street {
	i := slices.IndexFunc(c.streets, func(s *street) bool { return s.main31 && s.name == name })
	return c.streets[i]
}

// offBridges reports whether a point on the bank lies 60 m or more from any main road
// other than the quay.
func (c *city) offBridges(quay *street, p orb.Point) bool {
	for _, s := range c.streets {
		if s.main31 && s != quay && s.bounds.Pad(60).Contains(p) {
			if _, away := nearest(s.line, p); away < 60 {
				return false
			}
		}
	}
	return true
}

// addPocketPark lays a small plot in the block beside a kerb: a cut-cornered piece along
// the street, or a rounder one further in.
func (c *city) addPocketPark(d dice, t *town, k kerb, names *pairs) {
	side := one(d, -1.0, 1)
	g := green{town: t, kind: "pocket_park", requisitioned: d.chance(0.12)}
	var wide, deep float64
	switch draw := d.Float64(); {
	case draw < 0.25:
		g.kind, wide, deep = "micro_landscape", d.between(10, 24), d.between(7, 14)
	case draw < 0.4:
		g.kind, wide, deep = "street_green", d.between(60, 160), d.between(6, 12)
	default:
		wide, deep = d.between(30, 90), d.between(24, 60)
	}
	if g.kind == "pocket_park" && d.chance(0.45) {
		g.shape = blob(d, k.beside(side*(18+deep/2)), wide/2, deep/2)
	} else {
		g.shape = cutCorners(d, k, side, wide, deep)
	}
	home := t.blockAt(g.shape.centre())
	if home < 0 || t.blocks[home].used || t.blocks[home].park || !inside(g.shape, t.blocks[home].ground, 8) {
		return
	}
	g.name = names.next(map[string]string{"pocket_park": "游园", "micro_landscape": "微景观",
		"street_green": "街头绿地"}[g.kind])
	g.status = weighted(d, []share[string]{{"maintained", 45}, {"open", 30}, {"building", 12}, {"planned", 8},
		{"occupied", 5}})
	c.addGreen(g)
}

// blob is a rounded, uneven shape with half axes of a and b metres.
func blob(d dice, centre orb.Point, a, b float64) ground {
	const corners = 18
	p, q := d.between(0, 2*math.Pi), d.between(0, 2*math.Pi)
	lean := d.between(0, math.Pi)
	var out ground
	for i := range corners {
		angle := 2 * math.Pi * float64(i) / corners
		sin, cos := math.Sincos(angle)
		r := 1 + 0.16*math.Sin(2*angle+p) + 0.1*math.Sin(3*angle+q)
		out = append(out, add(centre, turn(orb.Point{a * r * cos, b * r * sin}, lean)))
	}
	return out
}

// cutCorners is a piece of ground along a street, its corners cut.
func cutCorners(d dice, k kerb, side, wide, deep float64) ground {
	x, y := k.way, scale(left(k.way), side)
	corner := func(s, t float64) orb.Point { return add(k.at, add(scale(x, s*wide/2), scale(y, 16+t*deep))) }
	a, b := d.between(0.05, 0.3), d.between(0.05, 0.4)
	out := ground{
		corner(-1, b), corner(-1+a, 0), corner(1-a, 0), corner(1, b),
		corner(1, 1-b/2), corner(1-a, 1), corner(-1+a/2, 1-b/4), corner(-1, 1-b),
	}
	if out.area() < 0 {
		reverse(out)
	}
	return out
}
