package sample

import (
	"math"

	"github.com/paulmach/orb"
)

// river is the water that runs through the central city: its middle from the north-east
// to the south-west, its two banks, and the ground between them, in the city's plane.
type river struct {
	middle       orb.LineString
	north, south orb.LineString
	water        ground
}

func makeRiver(bend func(orb.Point) orb.Point) river {
	course := orb.LineString{
		{12500, 7900}, {9500, 5200}, {7300, 2900}, {5300, 1000}, {3300, -900}, {1200, -2450},
		{-1200, -3550}, {-3800, -5000}, {-6000, -6600}, {-8500, -8600},
	}
	for i, p := range course {
		course[i] = bend(p)
	}
	r := river{middle: smooth(course, 150)}
	// the river flows south-west, so its right hand is the north bank
	r.north = bank(r.middle, -1)
	r.south = bank(r.middle, 1)
	r.water = append(r.water, r.south...)
	for i := len(r.north) - 1; i >= 0; i-- {
		r.water = append(r.water, r.north[i])
	}
	if r.water.area() < 0 {
		reverse(r.water)
	}
	return r
}

// bank follows the middle at half the width of the water, which swells and narrows.
func bank(middle orb.LineString, side float64) orb.LineString {
	edge := offset(middle, side)
	out := make(orb.LineString, len(middle))
	at := 0.0
	for i, p := range middle {
		if i > 0 {
			at += distance(middle[i-1], p)
		}
		half := 225 + 35*math.Sin(at/900+side) + 22*math.Sin(at/370+2*side)
		out[i] = add(p, scale(sub(edge[i], p), half))
	}
	return out
}

// wet reports whether a point of the city's plane lies in the water.
func (r *river) wet(p orb.Point) bool { return r.water.contains(p) }
