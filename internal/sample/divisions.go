package sample

import (
	"slices"

	"github.com/paulmach/orb"
)

// division is a county, district or city with its ground in degrees.
type division struct {
	seat
	shape orb.MultiPolygon
	rings []ground // the same, open
	bound orb.Bound
}

// makeDivisions gives each seat the ground nearest to it. Every stretch of border is
// roughened once and shared by both neighbours to the last digit.
func makeDivisions(seed uint64) []division {
	d := newDice(seed, "divisions")
	all := seats()
	flat := newPlane(orb.Point{112.4, 33.04})
	sites := make([]orb.Point, len(all))
	for i, s := range all {
		sites[i] = flat.metres(s.at)
	}
	var edge orb.LineString
	for _, p := range outline() {
		edge = append(edge, flat.metres(p))
	}
	edge = smooth(edge, 13000)

	stretches := voronoi(sites, ground(edge[:len(edge)-1]))
	curves := roughBorders(d, stretches, sites)
	rings := make([][]orb.LineString, len(all))
	for i, b := range stretches {
		for _, owner := range b.owners {
			rings[owner] = append(rings[owner], curves[i])
		}
	}

	divisions := make([]division, len(all))
	for i, s := range all {
		divisions[i].seat = s
		for _, ring := range chainRings(rings[i]) {
			if ring.area() < 0 {
				reverse(ring)
			}
			shape := flat.polygon(ring)
			divisions[i].shape = append(divisions[i].shape, shape)
			divisions[i].rings = append(divisions[i].rings, ground(shape[0][1:]))
		}
		divisions[i].bound = divisions[i].shape.Bound()
	}
	return divisions
}

// roughBorders roughens every stretch of border, as much as can be without two of them
// crossing, and never near a seat.
func roughBorders(d dice, stretches []stretch, sites []orb.Point) []orb.LineString {
	for roughness := 0.19; ; roughness *= 0.85 {
		limit := func(m orb.Point, length float64) float64 {
			return min(roughness*length, 0.15*distance(m, sites[nearestSite(sites, m)]))
		}
		var curves []orb.LineString
		for _, b := range stretches {
			curve := orb.LineString{b.path[0]}
			for i := 1; i < len(b.path); i++ {
				curve = append(curve, rough(b.path[i-1], b.path[i], 450, d, limit)[1:]...)
			}
			curves = append(curves, curve)
		}
		if !anyCross(curves) {
			return curves
		}
	}
}

func reverse(points []orb.Point) {
	for i, j := 0, len(points)-1; i < j; i, j = i+1, j-1 {
		points[i], points[j] = points[j], points[i]
	}
}

func (v *division) contains(at orb.Point) bool {
	return v.bound.Contains(at) && slices.ContainsFunc(v.rings, func(g ground) bool { return g.contains(at) })
}

// adcode is the code of the division around a point in degrees, or "".
func (c *city) adcode(at orb.Point) string {
	for i := range c.divisions {
		if c.divisions[i].contains(at) {
			return c.divisions[i].adcode
		}
	}
	return ""
}

// adcodeOf is the code of the division that holds all of some points, or "".
func (c *city) adcodeOf(points []orb.Point) string {
	code := c.adcode(points[0])
	for _, p := range points[1:] {
		if c.adcode(p) != code {
			return ""
		}
	}
	return code
}

func (c *city) divisionName(adcode string) string {
	for i := range c.divisions {
		if c.divisions[i].adcode == adcode {
			return c.divisions[i].name
		}
	}
	return ""
}

func writeDivisions(c *city, out *sheet) {
	for _, v := range c.divisions {
		out.feature(v.shape,
			property{"code", v.adcode},
			property{"name", v.name},
			property{"adcode", v.adcode},
			property{"level", v.level},
			property{"is_central", v.central},
			property{"source", "合成边界"},
			property{"remark", "边界为合成示意，不是法定界线"},
		)
	}
}
