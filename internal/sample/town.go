package sample

import (
	"math"

	"github.com/paulmach/orb"
)

// town is a built-up area in a plane of its own: its outline, its streets and the
// blocks between them.
type town struct {
	plane
	outline ground
	river   *river // nil where no river runs through
	faces   []ground
	blocks  []block
	central bool
	adcode  string // of a county town; the central city spans two districts
}

// block is the ground between streets.
type block struct {
	ground
	bound orb.Bound
	face  int  // number of the face it is part of
	park  bool // kept free of houses
	used  bool // taken whole by a green plot
}

// wet reports whether a point of the town's plane lies in a river.
func (t *town) wet(p orb.Point) bool { return t.river != nil && t.river.wet(p) }

// blockAt is the number of the block around a point, or -1.
func (t *town) blockAt(p orb.Point) int {
	for i := range t.blocks {
		if t.blocks[i].bound.Contains(p) && t.blocks[i].contains(p) {
			return i
		}
	}
	return -1
}

// makeCentre lays out the central city on both banks of the river, around 112.535 E 33.000 N.
func makeCentre(seed uint64) (*town, []*street) {
	d := newDice(seed, "centre")
	bend := bender(0.06, 105, 1900, d)
	r := makeRiver(bend)
	t := &town{plane: newPlane(orb.Point{112.535, 33.0}), river: &r, central: true}
	t.outline = ground(plan{path: centreRing()}.bent(bend).path[1:])
	banks := cut(cut([]ground{t.outline}, r.north), r.south)

	s := &surveyor{dice: d, town: t, blockArea: func(p orb.Point) float64 {
		away := norm(sub(p, orb.Point{0, 300}))
		return 16000 + 75000*math.Pow(min(1, away/6500), 1.6)
	}}
	var grounds []ground
	for _, g := range banks {
		if !r.wet(g.centre()) {
			grounds = append(grounds, g)
		}
	}
	s.layOut(mainRoads(r, bend), grounds)
	for i := range s.streets {
		s.streets[i].main31 = s.streets[i].class == "arterial"
	}
	hill := bend(orb.Point{3600, 3600}) // 独山 stays a wooded hill
	quay := s.streets[1].line
	for i, g := range t.faces {
		_, away := nearest(r.middle, g.centre())
		_, beside := nearest(quay, g.centre())
		switch {
		case away < 430 && beside < 400 || away < 380: // the strip between quay and water
		case g.contains(hill):
			t.addBlock(g, i, true)
		default:
			s.divide(g, i)
		}
	}
	return t, s.streets
}

func (t *town) addBlock(g ground, face int, park bool) {
	t.blocks = append(t.blocks, block{ground: g, bound: g.bound(), face: face, park: park})
}

// makeCountyTown lays out the town around the seat of a county: a few main roads that
// cross, and blocks between them.
func makeCountyTown(seed uint64, home seat) (*town, []*street) {
	d := newDice(seed, "town "+home.adcode)
	bend := bender(d.between(-0.5, 0.5), d.between(50, 90), d.between(700, 1000), d)
	a, b := d.between(1250, 1800), d.between(1000, 1450)
	t := &town{plane: newPlane(home.at), adcode: home.adcode}
	t.outline = ground(plan{path: roundedRing(orb.Point{}, a, b)}.bent(bend).path[1:])
	s := &surveyor{dice: d, town: t, blockArea: func(p orb.Point) float64 {
		return 20000 + 30000*min(1, norm(p)/1500)
	}}
	s.layOut(townRoads(d, a, b, bend), []ground{t.outline})
	s.streets[0].class = "secondary"
	for i, g := range t.faces {
		s.divide(g, i)
	}
	return t, s.streets
}

// townRoads are the ring of a county town and two or three main roads each way, which run
// out of it a little.
func townRoads(d dice, a, b float64, bend func(orb.Point) orb.Point) []plan {
	names := townRoadNames(d)
	plans := []plan{plan{"环城路", roundedRing(orb.Point{}, a, b), true}.bent(bend)}
	lanes := func(n int, wide, long float64, upright bool) {
		for i := range n {
			at := (float64(i)-float64(n-1)/2)*wide*0.62 + d.between(-90, 90)
			p := straight(names[len(plans)], -long-250, at, long+250, at)
			if upright {
				p = straight(names[len(plans)], at, -long-250, at, long+250)
			}
			p.whole = true
			plans = append(plans, p.bent(bend))
		}
	}
	lanes(d.count(2, 3), b, a, false)
	lanes(d.count(2, 3), a, b, true)
	return plans
}
