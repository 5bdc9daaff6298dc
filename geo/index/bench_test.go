package index

import (
	"encoding/binary"
	"fmt"
	"math"
	"math/rand/v2"
	"runtime"
	"testing"

	"yizhan/geo"
)

// benchPoint is the EWKB of a place in the city, from a fixed seed.
func benchPoint(r *rand.Rand) []byte {
	b := binary.LittleEndian.AppendUint32([]byte{1}, 1|ewkbSRID)
	b = binary.LittleEndian.AppendUint32(b, 4326)
	b = binary.LittleEndian.AppendUint64(b, math.Float64bits(112.4+0.2*r.Float64()))
	return binary.LittleEndian.AppendUint64(b, math.Float64bits(32.9+0.15*r.Float64()))
}

// BenchmarkBuild loads points with a unique code, a kind of ten and a number.
func BenchmarkBuild(b *testing.B) {
	const n = 1_000_000
	r := rand.New(rand.NewPCG(1, 2))
	wkb, codes := make([][]byte, n), make([][]byte, n)
	for i := range wkb {
		wkb[i], codes[i] = benchPoint(r), fmt.Appendf(nil, "P%07d", i)
	}
	layer := layerOf(geo.Point)
	layer.Fields = append(layer.Fields, geo.Field{Name: "kind"})
	kinds := [][]byte{[]byte("water"), []byte("sewage"), []byte("rain"), []byte("power")}
	b.ReportAllocs()
	before := heapInUse()
	var kept *Collection
	for b.Loop() {
		build := NewBuilder(layer, 0)
		d := build.Dictionary()
		for i := range wkb {
			values := [3]Ref{d.Text(codes[i]), d.Int(int64(500 + 100*(i%5))), d.Text(kinds[i%4])}
			if err := build.Add(int64(i*7919%n), wkb[i], values[:]); err != nil {
				b.Fatal(err)
			}
		}
		kept = build.Build()
	}
	b.ReportMetric(float64(b.N)*n/b.Elapsed().Seconds(), "features/s")
	b.ReportMetric(float64(heapInUse()-before)/n, "B/feature")
	runtime.KeepAlive(kept)
	runtime.KeepAlive(wkb)
	runtime.KeepAlive(codes)
}

// BenchmarkBuildPolygons loads house outlines of six corners.
func BenchmarkBuildPolygons(b *testing.B) {
	const n = 200_000
	r := rand.New(rand.NewPCG(1, 2))
	houses := make([][]byte, n)
	for i := range houses {
		h := binary.LittleEndian.AppendUint32([]byte{1}, wkbPolygon|ewkbSRID)
		for _, v := range []uint32{4326, 1, 7} {
			h = binary.LittleEndian.AppendUint32(h, v)
		}
		x, y := 112.4+0.2*r.Float64(), 32.9+0.15*r.Float64()
		for _, c := range [][2]float64{{0, 0}, {1, 0}, {1, 0.6}, {0.6, 0.6}, {0.6, 1}, {0, 1}, {0, 0}} {
			h = binary.LittleEndian.AppendUint64(h, math.Float64bits(x+0.0001*c[0]))
			h = binary.LittleEndian.AppendUint64(h, math.Float64bits(y+0.0001*c[1]))
		}
		houses[i] = h
	}
	layer := layerOf(geo.Polygon)
	b.ReportAllocs()
	before := heapInUse()
	var kept *Collection
	for b.Loop() {
		build := NewBuilder(layer, 0)
		for i, h := range houses {
			if err := build.Add(int64(i*7919%n), h, []Ref{0, build.Dictionary().Int(int64(i % 30))}); err != nil {
				b.Fatal(err)
			}
		}
		kept = build.Build()
	}
	b.ReportMetric(float64(b.N)*n/b.Elapsed().Seconds(), "features/s")
	b.ReportMetric(float64(heapInUse()-before)/n, "B/feature")
	runtime.KeepAlive(kept)
	runtime.KeepAlive(houses)
}

// BenchmarkEdit moves one point of a million.
func BenchmarkEdit(b *testing.B) {
	const n = 1_000_000
	r := rand.New(rand.NewPCG(1, 2))
	build := NewBuilder(layerOf(geo.Point), n)
	values := []Ref{0, 0}
	for i := range int64(n) {
		if err := build.Add(i, benchPoint(r), values); err != nil {
			b.Fatal(err)
		}
	}
	c := build.Build()
	b.ReportAllocs()
	for b.Loop() {
		e := c.Edit()
		if err := e.Upsert(r.Int64N(n), benchPoint(r), values); err != nil {
			b.Fatal(err)
		}
		c, _ = e.Commit()
	}
}

func heapInUse() int64 {
	runtime.GC()
	runtime.GC()
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	return int64(m.HeapAlloc)
}
