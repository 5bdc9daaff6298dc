package sample

import (
	"math"

	"github.com/paulmach/orb"
)

// street is a road while the city is laid out, in the plane of its town.
type street struct {
	code, name, class   string
	main31, demo, rural bool
	town                *town
	line                orb.LineString
	bounds              orb.Bound
	adcode              string    // "" where it crosses a border of divisions
	corners             []float64 // chainages of its junctions, set by node
}

// surveyor lays out one town: main roads first, then it divides the ground between
// them again and again until the blocks are small enough.
type surveyor struct {
	dice
	town      *town
	blockArea func(orb.Point) float64 // wanted area of a block, in m²
	streets   []*street
	junctions junctionGrid
}

// layOut draws the main roads and cuts the grounds along them into faces. The first
// road is the ring around the grounds.
func (s *surveyor) layOut(plans []plan, grounds []ground) {
	for i, p := range plans {
		line := s.trim(p)
		s.streets = append(s.streets, &street{name: p.name, class: "arterial", town: s.town, line: line})
		if i > 0 {
			grounds = cut(grounds, stretched(line, 1))
		}
	}
	s.town.faces = grounds
	for _, g := range grounds {
		for i, p := range g {
			if sharp(g, i, 0.5) {
				s.junctions.add(p)
			}
		}
	}
}

// trim shortens a main road to what lies between the first and the last of the roads
// drawn before that it meets.
func (s *surveyor) trim(p plan) orb.LineString {
	first, last := math.Inf(1), math.Inf(-1)
	at := 0.0
	for i := 1; i < len(p.path); i++ {
		step := distance(p.path[i-1], p.path[i])
		for _, other := range s.streets {
			for k := 1; k < len(other.line); k++ {
				if t, _, ok := meet(p.path[i-1], p.path[i], other.line[k-1], other.line[k]); ok {
					first, last = min(first, at+t*step), max(last, at+t*step)
				}
			}
		}
		at += step
	}
	if p.whole || first >= last {
		return p.path
	}
	return part(p.path, first, last)
}

// stretched is a line made longer at both ends, so that it surely crosses where it ends.
func stretched(l orb.LineString, by float64) orb.LineString {
	if l[0] == l[len(l)-1] {
		return l
	}
	n := len(l)
	out := orb.LineString{add(l[0], scale(unit(sub(l[0], l[1])), by))}
	out = append(out, l...)
	return append(out, add(l[n-1], scale(unit(sub(l[n-1], l[n-2])), by)))
}

// sharp reports whether the border of a ground turns by more than an angle at a corner.
func sharp(g ground, i int, radians float64) bool {
	before := unit(sub(g[i], g[(i+len(g)-1)%len(g)]))
	after := unit(sub(g[(i+1)%len(g)], g[i]))
	return math.Abs(math.Atan2(cross(before, after), dot(before, after))) > radians
}

// divide cuts a face by streets until its parts are blocks.
func (s *surveyor) divide(g ground, face int) {
	area, want := g.area(), s.blockArea(g.centre())
	switch {
	case area < want*s.between(1.15, 1.9),
		area < 5*want && s.chance(0.02): // a works, a school, a barracks
		s.town.addBlock(g, face, false)
		return
	case area > 1.6*want && area < 5*want && s.chance(0.02):
		s.town.addBlock(g, face, true)
		return
	}
	a, b, ok := s.chord(g)
	if !ok {
		s.town.addBlock(g, face, false)
		return
	}
	class := "local"
	if area > 7*want {
		class = "secondary"
	}
	s.streets = append(s.streets, &street{class: class, town: s.town, line: orb.LineString{a.at, b.at}})
	s.junctions.add(a.at)
	s.junctions.add(b.at)
	one, two := g.divide(a, b, nil)
	s.divide(one, face)
	s.divide(two, face)
}

// chord finds where to cut a ground across its long side: near the middle, square to the
// streets that it meets, and on from a street beyond them where there is one. A crooked
// ground is cut along one of its sides instead.
func (s *surveyor) chord(g ground) (a, b border, ok bool) {
	direction, long, wide := g.box()
	length, width := long[1]-long[0], wide[1]-wide[0]
	for try := range 40 {
		part := s.between(0.4, 0.6)
		if length > 2.4*width {
			part = s.between(0.28, 0.5)
			if s.chance(0.5) {
				part = 1 - part
			}
		}
		across, square := left(direction), 0.77
		if try >= 8 {
			k := s.IntN(len(g))
			across, square = unit(sub(g[(k+1)%len(g)], g[k])), 0.6
			if math.Abs(dot(across, direction)) > 0.8 {
				continue
			}
		}
		at := lerp(g.centre(), add(g.centre(), scale(direction, length)), part-0.5)
		reach := scale(across, length+width)
		hits := g.crossings(orb.LineString{sub(at, reach), add(at, reach)})
		if len(hits) < 2 {
			continue
		}
		a, okA := s.snap(g, hits[0].border)
		b, okB := s.snap(g, hits[1].border)
		if okA && okB && fits(g, a, b, square) {
			return a, b, true
		}
	}
	return a, b, false
}

// snap moves the end of a chord to a junction nearby on the same border, and refuses
// one that lies too near to a corner.
func (s *surveyor) snap(g ground, b border) (border, bool) {
	if p, ok := s.junctions.near(b.at, 65, func(p orb.Point) bool {
		_, on := g.place(p)
		return on
	}); ok {
		b, _ = g.place(p)
	}
	for i, p := range g {
		if distance(p, b.at) < 45 && sharp(g, i, 0.5) {
			return b, false
		}
		if distance(p, b.at) < 0.05 {
			b = border{at: p, side: i}
		}
	}
	return b, true
}

// fits reports whether a chord stays inside and meets the border at both ends by an angle
// whose sine is at least square.
func fits(g ground, a, b border, square float64) bool {
	way := unit(sub(b.at, a.at))
	for _, e := range []border{a, b} {
		side := unit(sub(g[(e.side+1)%len(g)], g[e.side]))
		if math.Abs(cross(way, side)) < square {
			return false
		}
	}
	for i := 1; i < 8; i++ {
		p := lerp(a.at, b.at, float64(i)/8)
		if !g.contains(p) || g.edgeDistance(p) < 12 {
			return false
		}
	}
	return distance(a.at, b.at) > 60
}
