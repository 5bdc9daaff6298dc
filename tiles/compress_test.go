package tiles

import (
	"bytes"
	"fmt"
	"testing"

	"yizhan/tiles/tilestest"

	"github.com/klauspost/compress/gzip"
	"github.com/klauspost/compress/zstd"

	"yizhan/geo"
	"yizhan/geo/index"
)

// BenchmarkCompress packs drawn tiles of several sizes at each level, for choosing one.
func BenchmarkCompress(b *testing.B) {
	points := collect(b, tilestest.Layer(geo.Point), benchThings(18_700, aPoint))
	streets := collect(b, tilestest.Layer(geo.Line), benchThings(1_000, aStreet))
	houses := collect(b, tilestest.Layer(geo.Polygon), benchThings(5_000, aHouse))
	for _, z := range []uint8{12, 14, 16, 17} {
		at := geo.Tile{Z: z, X: tilestest.Tile().X << z >> 14, Y: tilestest.Tile().Y << z >> 14}
		body, _, err := Draw(at, []*index.Collection{houses, streets, points}, Options{})
		if err != nil {
			b.Fatal(err)
		}
		name := fmt.Sprintf("z%d %d kB/", z, len(body)/1000)
		for _, level := range []int{gzip.StatelessCompression, gzip.HuffmanOnly, 1, 2, 3, 5, 6} {
			b.Run(name+fmt.Sprint("gzip ", level), func(b *testing.B) {
				var out bytes.Buffer
				zip, err := gzip.NewWriterLevel(&out, level)
				if err != nil {
					b.Fatal(err)
				}
				b.SetBytes(int64(len(body)))
				for b.Loop() {
					out.Reset()
					zip.Reset(&out)
					zip.Write(body)
					zip.Close()
				}
				b.ReportMetric(float64(out.Len())/float64(len(body)), "of-raw")
			})
		}
		for _, level := range []zstd.EncoderLevel{zstd.SpeedFastest, zstd.SpeedDefault} {
			b.Run(name+fmt.Sprint("zstd ", level), func(b *testing.B) {
				zip, err := zstd.NewWriter(nil, zstd.WithEncoderLevel(level), zstd.WithEncoderConcurrency(1),
					zstd.WithWindowSize(1<<18), zstd.WithEncoderCRC(false))
				if err != nil {
					b.Fatal(err)
				}
				var out []byte
				b.SetBytes(int64(len(body)))
				for b.Loop() {
					out = zip.EncodeAll(body, out[:0])
				}
				b.ReportMetric(float64(len(out))/float64(len(body)), "of-raw")
			})
		}
	}
}
