package sample

import (
	"math"
	"testing"

	"github.com/paulmach/orb"
)

// segment is a directed side of a polygon.
type segment [2]orb.Point

// outerEdges are the sides of divisions that no neighbour runs the other way.
func outerEdges(c *city) []segment {
	sides := map[segment]bool{}
	var order []segment
	for _, v := range c.divisions {
		for _, ring := range v.shape {
			for i := 1; i < len(ring[0]); i++ {
				order = append(order, segment{ring[0][i-1], ring[0][i]})
				sides[order[len(order)-1]] = true
			}
		}
	}
	var out []segment
	for _, s := range order {
		if !sides[segment{s[1], s[0]}] {
			out = append(out, s)
		}
	}
	return out
}

func TestDivisionsFitTogetherWithoutGapsOrOverlaps(t *testing.T) {
	t.Parallel()
	c, _ := theCity()
	var pieces []orb.LineString
	for _, s := range outerEdges(c) {
		pieces = append(pieces, orb.LineString{s[0], s[1]})
	}
	outer := chainRings(pieces)
	if len(outer) != 1 {
		t.Fatalf("the outer border is in %d pieces, want one ring", len(outer))
	}
	whole, sum := math.Abs(outer[0].area()), 0.0
	var borders []orb.LineString
	for _, v := range c.divisions {
		for _, ring := range v.rings {
			sum += math.Abs(ring.area())
			borders = append(borders, append(orb.LineString(ring), ring[0]))
		}
		if !v.contains(v.at) {
			t.Errorf("the seat of %s lies outside it", v.name)
		}
	}
	if anyCross(borders) {
		t.Error("two borders cross")
	}
	if math.Abs(whole-sum) > 1e-9*whole {
		t.Errorf("the divisions cover %.9f square degrees, the prefecture %.9f", sum, whole)
	}
	box := orb.Bound{Min: orb.Point{110.97, 32.28}, Max: orb.Point{113.81, 33.80}}
	if b := orb.MultiPoint(outer[0]).Bound(); !box.Contains(b.Min) || !box.Contains(b.Max) {
		t.Errorf("the prefecture reaches %v", b)
	}
}

func TestEverythingLiesInItsDivision(t *testing.T) {
	t.Parallel()
	c, _ := theCity()
	for _, layer := range Layers()[1:] {
		for _, f := range features(t, layer) {
			adcode := text(f, "adcode")
			if adcode == "" {
				continue
			}
			for _, p := range vertices(f.Geometry) {
				if got := c.adcode(p); got != adcode {
					t.Fatalf("%s %s says %s and lies in %q", layer, text(f, "code"), adcode, got)
				}
			}
		}
	}
}

// vertices are all points of a geometry.
func vertices(g orb.Geometry) []orb.Point {
	switch g := g.(type) {
	case orb.Point:
		return []orb.Point{g}
	case orb.MultiLineString:
		var out []orb.Point
		for _, l := range g {
			out = append(out, l...)
		}
		return out
	case orb.MultiPolygon:
		var out []orb.Point
		for _, p := range g {
			for _, r := range p {
				out = append(out, r...)
			}
		}
		return out
	}
	return nil
}

func TestNothingLiesInTheRiverSaveBridges(t *testing.T) {
	t.Parallel()
	c, _ := theCity()
	centre := c.towns[0]
	for _, layer := range []string{"road", "wall_site", "green_plot", "manhole", "station", "organisation", "member",
		"complaint"} {
		bridges := 0
		for _, f := range features(t, layer) {
			for _, p := range vertices(f.Geometry) {
				if !centre.wet(centre.metres(p)) {
					continue
				}
				if layer != "road" || text(f, "class") != "arterial" {
					t.Fatalf("%s %s lies in the river at %v", layer, text(f, "code"), p)
				}
				bridges++
				break
			}
		}
		if layer == "road" && (bridges < 4 || bridges > 12) {
			t.Errorf("%d roads cross the river, want some bridges", bridges)
		}
	}
}

func TestWallsStandBesideTheirRoads(t *testing.T) {
	t.Parallel()
	roads := map[string]orb.LineString{}
	for _, f := range features(t, "road") {
		roads[text(f, "code")] = f.Geometry.(orb.MultiLineString)[0]
	}
	for _, f := range features(t, "wall_site") {
		road := roads[text(f, "road_code")]
		flat := newPlane(f.Geometry.(orb.MultiLineString)[0][0])
		var local orb.LineString
		for _, p := range road {
			local = append(local, flat.metres(p))
		}
		for _, p := range vertices(f.Geometry) {
			if _, away := nearest(local, flat.metres(p)); away < 10 || away > 60 {
				t.Errorf("%s stands %.0f m from its road", text(f, "code"), away)
			}
		}
	}
}

func TestStreetsOfTheCentreMeetInSharedVertices(t *testing.T) {
	t.Parallel()
	c, _ := theCity()
	roads := map[orb.Point]int{}
	for _, s := range c.streets {
		seen := map[orb.Point]bool{}
		for _, p := range s.line {
			if s.town.central && !s.rural && !seen[p] {
				seen[p] = true
				roads[p]++
			}
		}
	}
	loose, ends := 0, 0
	for _, s := range c.streets {
		if !s.town.central || s.rural || s.class == "arterial" {
			continue
		}
		for _, p := range []orb.Point{s.line[0], s.line[len(s.line)-1]} {
			ends++
			if roads[p] < 2 {
				loose++
				t.Logf("%s %s ends loose at %v", s.code, s.class, p)
			}
		}
	}
	if loose > 0 {
		t.Errorf("%d of %d ends of streets are on no other street", loose, ends)
	}
}

func TestGreenPlotsAreSimpleAndApart(t *testing.T) {
	t.Parallel()
	c, _ := theCity()
	for i, g := range c.greens {
		if !g.shape.simple() || g.area <= 0 {
			t.Errorf("%s is not a simple polygon", g.code)
		}
		for _, o := range c.greens[:i] {
			if o.town == g.town && overlap(o.shape, g.shape) {
				t.Errorf("%s and %s overlap", o.code, g.code)
			}
		}
	}
}
