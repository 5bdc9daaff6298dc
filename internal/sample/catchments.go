package sample

import (
	"fmt"
	"math"

	"github.com/paulmach/orb"
)

// stationRadius is how far a station serves, in metres, where no area is drawn.
const stationRadius = 1000

const drawnCatchments = 10

// writeCatchments gives each station its catchment. The first ten whose own face of the
// main roads is a fair size have that face, drawn along its streets; the others have the
// circle of their radius.
func writeCatchments(c *city, out *sheet) {
	drawn := 0
	taken := map[int]bool{}
	for i, s := range c.stations {
		face := s.town.blocks[s.block].face
		area := s.town.faces[face].area()
		kind, shape, radius := "circle", circle(s.town.degrees(s.at), stationRadius), any(stationRadius)
		if s.town.central && drawn < drawnCatchments && !taken[face] && area > 5e5 && area < 3e6 {
			kind, shape, radius = "drawn", s.town.polygon(s.town.faces[face]), nil
			taken[face] = true
			drawn++
		}
		out.feature(orb.MultiPolygon{shape},
			property{"code", fmt.Sprintf("CA-%03d", i+1)},
			property{"name", s.name + "服务范围"},
			property{"adcode", c.adcodeOf(shape[0])},
			property{"source", "合成"},
			property{"station", s.code},
			property{"kind", kind},
			property{"radius_m", radius},
		)
	}
}

// circle is the geodesic circle around a point in degrees as a polygon of 64 corners,
// true to a few millimetres for a radius of a kilometre.
func circle(centre orb.Point, radius float64) orb.Polygon {
	const corners = 64
	_, ky := metresPerDegree(centre[1])
	var ring orb.Ring
	for i := range corners {
		sin, cos := math.Sincos(2 * math.Pi * float64(i) / corners)
		north := radius * sin / ky
		kx, _ := metresPerDegree(centre[1] + north/2)
		ring = append(ring, orb.Point{centre[0] + radius*cos/kx, centre[1] + north})
	}
	return orb.Polygon{append(ring, ring[0])}
}
