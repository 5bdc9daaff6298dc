package main

import (
	"encoding/binary"
	"fmt"
	"math"
	"math/rand/v2"
)

// The made-up city: eight by eight tiles of zoom 14 around 112.5°E 33°N, with
// points crowded along streets, street pieces and building outlines.
const (
	citySeed      = 411300
	cityPoints    = 1_000_000
	cityLines     = 60_000
	cityPolygons  = 300_000
	cityWest      = 112.412109375 // a tile edge at zoom 14
	citySouth     = 32.92
	cityWidth     = 8 * 360.0 / 16384
	cityHeight    = 0.147
	streetSpacing = 0.0022
)

// table is one layer of the made-up city.
type table struct {
	name    string
	kind    string
	columns string // definition besides gid and geom
	rows    int
	row     func(r *rand.Rand, i int) ([]any, []byte) // values of columns, and geometry as EWKB
}

var (
	pointKinds = []string{"water", "sewage", "rain", "power", "lighting", "telecom", "heat", "gas"}
	conditions = []string{"intact", "intact", "intact", "intact", "damaged", "missing", "abandoned"}
	lineKinds  = []string{"arterial", "secondary", "local", "local", "path"}
	houseKinds = []string{"house", "flats", "office", "school", "shop"}
)

func cityTables() []table {
	return []table{
		{"bench_point", "Point", "code text not null, kind text not null, condition text not null, diameter_mm integer", cityPoints, pointRow},
		{"bench_line", "LineString", "code text not null, kind text not null, name text", cityLines, lineRow},
		{"bench_polygon", "Polygon", "code text not null, kind text not null, floors integer", cityPolygons, polygonRow},
	}
}

// alongStreet is a place near a line of the street grid, denser towards the middle.
func alongStreet(r *rand.Rand) (lon, lat float64) {
	spread := func() float64 { return math.Min(math.Max(0.5+0.24*r.NormFloat64(), 0), 0.9999) }
	u, v := spread()*cityWidth, r.Float64()*cityHeight
	if r.IntN(3) == 0 {
		v = spread() * cityHeight
	}
	jitter := 0.00012 * r.NormFloat64()
	if r.IntN(2) == 0 {
		u = math.Round(u/streetSpacing)*streetSpacing + jitter
	} else {
		v = math.Round(v/streetSpacing)*streetSpacing + jitter
	}
	return round7(cityWest + math.Min(math.Max(u, 0), cityWidth)), round7(citySouth + math.Min(math.Max(v, 0), cityHeight))
}

// round7 keeps seven decimals, as survey files have them.
func round7(v float64) float64 { return math.Round(v*1e7) / 1e7 }

func pick(r *rand.Rand, list []string) string { return list[r.IntN(len(list))] }

func pointRow(r *rand.Rand, i int) ([]any, []byte) {
	lon, lat := alongStreet(r)
	wkb := binary.LittleEndian.AppendUint32([]byte{1}, 1|0x20000000)
	wkb = binary.LittleEndian.AppendUint32(wkb, 4326)
	return []any{fmt.Sprintf("P%07d", i), pick(r, pointKinds), pick(r, conditions), int32(500 + 100*r.IntN(5))}, appendPoint(wkb, lon, lat)
}

func lineRow(r *rand.Rand, i int) ([]any, []byte) {
	lon, lat := alongStreet(r)
	n := 3 + r.IntN(12)
	heading := float64(r.IntN(4)) * math.Pi / 2
	wkb := binary.LittleEndian.AppendUint32([]byte{1}, 2|0x20000000)
	wkb = binary.LittleEndian.AppendUint32(wkb, 4326)
	wkb = binary.LittleEndian.AppendUint32(wkb, uint32(n))
	for range n {
		wkb = appendPoint(wkb, round7(lon), round7(lat))
		heading += 0.15 * r.NormFloat64()
		lon += 0.0003 * math.Cos(heading)
		lat += 0.0003 * math.Sin(heading)
	}
	return []any{fmt.Sprintf("L%06d", i), pick(r, lineKinds), fmt.Sprintf("街道%04d", r.IntN(4000))}, wkb
}

func polygonRow(r *rand.Rand, i int) ([]any, []byte) {
	lon, lat := alongStreet(r)
	w, h, turn := 0.00006+0.00012*r.Float64(), 0.00005+0.0001*r.Float64(), 0.3*r.NormFloat64()
	corners := [][2]float64{{0, 0}, {w, 0}, {w, h * 0.6}, {w * 0.6, h * 0.6}, {w * 0.6, h}, {0, h}, {0, 0}}
	wkb := binary.LittleEndian.AppendUint32([]byte{1}, 3|0x20000000)
	wkb = binary.LittleEndian.AppendUint32(wkb, 4326)
	wkb = binary.LittleEndian.AppendUint32(wkb, 1)
	wkb = binary.LittleEndian.AppendUint32(wkb, uint32(len(corners)))
	for _, c := range corners {
		x, y := c[0]*math.Cos(turn)-c[1]*math.Sin(turn), c[0]*math.Sin(turn)+c[1]*math.Cos(turn)
		wkb = appendPoint(wkb, round7(lon+x), round7(lat+y))
	}
	return []any{fmt.Sprintf("B%06d", i), pick(r, houseKinds), int32(1 + r.IntN(30))}, wkb
}

func appendPoint(b []byte, lon, lat float64) []byte {
	b = binary.LittleEndian.AppendUint64(b, math.Float64bits(lon))
	return binary.LittleEndian.AppendUint64(b, math.Float64bits(lat))
}
