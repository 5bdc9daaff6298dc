// Package tilestest has a layer and features around one tile, for tests of what draws
// tiles and of what keeps them. It is for tests alone.
package tilestest

import (
	"fmt"
	"math"
	"math/rand/v2"

	"github.com/paulmach/orb"
	"github.com/paulmach/orb/encoding/ewkb"

	"yizhan/geo"
	"yizhan/geo/index"
)

// Tile is the tile that the features lie around: a crowded one in the middle of Nanyang.
func Tile() geo.Tile { return geo.Tile{Z: 14, X: 13313, Y: 6598} }

// Layer is a layer with a text and a number.
func Layer(kind geo.Kind) *geo.Layer {
	zero := 0
	return &geo.Layer{
		Name: "things", Kind: kind, MaxZoom: geo.MaxZoom, Privacy: geo.Public,
		Fields: []geo.Field{{Name: "kind", Type: geo.Text, MinZoom: &zero},
			{Name: "size", Type: geo.Integer, MinZoom: &zero}},
	}
}

// Built makes a collection of geometries whose ids are their indexes.
func Built(t interface {
	Helper()
	Fatalf(string, ...any)
}, layer *geo.Layer, geometries []orb.Geometry) *index.Collection {
	t.Helper()
	b := index.NewBuilder(layer, 0)
	for id, g := range geometries {
		wkb, err := ewkb.Marshal(g, 4326)
		if err != nil {
			t.Fatalf("marshal: %v", err)
		}
		d := b.Dictionary()
		if err := b.Add(int64(id), wkb, []index.Ref{d.Text(fmt.Appendf(nil, "n%d", id%3)), d.Int(int64(id))}); err != nil {
			t.Fatalf("add %v: %v", g, err)
		}
	}
	return b.Build()
}

// Scattered makes n random geometries around [Tile], some far larger.
func Scattered(r *rand.Rand, kind geo.Kind, n int) []orb.Geometry {
	var all []orb.Geometry
	for range n {
		at := orb.Point{112.53 + 0.05*r.NormFloat64(), 33 + 0.05*r.NormFloat64()}
		size := math.Pow(10, -5+4*r.Float64())
		switch kind {
		case geo.Point:
			if r.IntN(10) == 0 {
				all = append(all, orb.MultiPoint{at, {at[0] + size, at[1]}, {at[0], at[1] + size}})
				continue
			}
			all = append(all, at)
		case geo.Line:
			line := orb.LineString{}
			for range 2 + r.IntN(30) {
				line = append(line, at)
				at = orb.Point{at[0] + size*r.NormFloat64(), at[1] + size*r.NormFloat64()}
			}
			all = append(all, line)
		default:
			all = append(all, orb.Polygon{Star(r, at, size), Star(r, at, size*0.2)})
		}
	}
	return all
}

// Star is a ring around a place that does not cross itself.
func Star(r *rand.Rand, at orb.Point, size float64) orb.Ring {
	n := 3 + r.IntN(30)
	var ring orb.Ring
	for i := range n {
		angle, reach := 2*math.Pi*float64(i)/float64(n), size*(0.5+0.5*r.Float64())
		ring = append(ring, orb.Point{at[0] + reach*math.Cos(angle), at[1] + reach*math.Sin(angle)})
	}
	return append(ring, ring[0])
}
