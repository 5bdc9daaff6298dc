package main

import (
	"fmt"
	"math/rand/v2"
	"testing"

	"yizhan/geo"
	"yizhan/geo/index"
	"yizhan/tiles"
)

// inMemory is the made-up city without a ledger, as the replica would hold it.
func inMemory(tb testing.TB, pointZoom int) []*index.Collection {
	var city []*index.Collection
	for _, t := range cityTables() {
		kind := map[string]geo.Kind{"Point": geo.Point, "LineString": geo.Line, "Polygon": geo.Polygon}[t.kind]
		layer := &geo.Layer{Name: geo.LayerName(t.name), Kind: kind, MaxZoom: 18, PointZoom: pointZoom, Privacy: geo.Public}
		for _, name := range columnNames(t) {
			zoom := 14
			if name == "code" || name == "diameter_mm" || name == "floors" {
				zoom = 16
			}
			layer.Fields = append(layer.Fields, geo.Field{Name: name, Type: geo.Text, MinZoom: &zoom})
		}
		b := index.NewBuilder(layer, t.rows)
		r := rand.New(rand.NewPCG(citySeed, uint64(t.rows)))
		refs := make([]index.Ref, len(layer.Fields))
		for i := range t.rows {
			values, wkb := t.row(r, i)
			for n, v := range values {
				switch v := v.(type) {
				case string:
					refs[n] = b.Dictionary().Text([]byte(v))
				case int32:
					refs[n] = b.Dictionary().Int(int64(v))
				default:
					refs[n] = 0
				}
			}
			if err := b.Add(int64(i+1), wkb, refs); err != nil {
				tb.Fatal(err)
			}
		}
		city = append(city, b.Build())
	}
	return city
}

// BenchmarkDrawCity draws tiles of the whole made-up city, all rows and generalised.
func BenchmarkDrawCity(b *testing.B) {
	for _, pointZoom := range []int{14, 16} {
		city := inMemory(b, pointZoom)
		for z := uint8(10); z <= 17; z++ {
			at := addresses(z, 512)
			b.Run(fmt.Sprintf("points from %d/z%d", pointZoom, z), func(b *testing.B) {
				var drawer tiles.Drawer
				i, bytes, most := 0, 0, 0
				b.ReportAllocs()
				for b.Loop() {
					body, _, err := drawer.Draw(at[i%len(at)], city, tiles.Options{})
					if err != nil {
						b.Fatal(err)
					}
					bytes += len(body)
					most = max(most, len(body))
					i++
				}
				b.ReportMetric(float64(bytes)/float64(i), "bytes")
				b.ReportMetric(float64(most), "most")
			})
		}
	}
}
