package shapefile

import (
	"errors"
	"fmt"
	"io"
	"math"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"unicode/utf8"

	"yizhan/geo"
	"yizhan/importer/record"
	"yizhan/importer/record/recordtest"
)

// round is a clockwise ring of n vertices.
func round(x, y, radius float64, n int) []float64 {
	xy := make([]float64, 0, 2*n+2)
	for i := range n {
		angle := -2 * math.Pi * float64(i) / float64(n)
		xy = append(xy, x+radius*math.Cos(angle), y+radius*math.Sin(angle))
	}
	return append(xy, xy[0], xy[1])
}

func FuzzShapefile(f *testing.F) {
	columns := []column{{"名称", 'C', 8}, {"n", 'N', 4}, {"d", 'D', 8}, {"l", 'L', 1}, {"i", 'I', 4}, {"b", 'B', 8},
		{"t", '@', 8}}
	row := []string{"座椅", "1", "20210630", "T", "abcd", "abcdefgh", bits32(2459396, 7)}
	for _, content := range [][]byte{pointShape(1, 2), partsShape(3, []float64{0, 0, 1, 1}),
		partsShape(15, ccw(0, 0, 1), cw(0, 0, 2)), multiPoint(8, 1, 1, 2), nil} {
		f.Add(madeSHP(1, content), madeDBF(0, columns, row), madeSHX([2]int{100, len(content)}), []byte("UTF-8"))
	}
	f.Add(madeSHP(5, pointShape(1, 2), typed(31)), madeDBF(0x4D, columns, append([]string{"*"}, row...), row),
		madeSHX([2]int{128, 4}, [2]int{100, 20}), []byte("GBK"))
	f.Fuzz(func(t *testing.T, shp, dbf, shx, cpg []byte) {
		path := madeSet(t, map[string][]byte{".shp": shp, ".dbf": dbf, ".cpg": cpg, ".shx": shx})
		file, err := Open(t.Context(), inputOf(path,
			record.Options{Limits: record.Limits{Vertices: 1000, RecordBytes: 1 << 16}}))
		if err != nil {
			wrapped(t, err)
			return
		}
		cut, err := file.Cutter(t.Context(), &record.Pace{})
		if err != nil {
			t.Fatal(err)
		}
		defer cut.Close()
		decoder, rec, b := file.Decoder(), record.Record{}, record.Batch{}
		for {
			err := cut.Next(&b)
			if errors.Is(err, io.EOF) {
				break
			}
			if err != nil {
				wrapped(t, err)
				return
			}
			for _, s := range b.Spans {
				decoder.Decode(b.Data[s.Start:s.End], &rec)
				soundRecord(t, &rec, len(file.Fields))
			}
		}
	})
}

func wrapped(t *testing.T, err error) {
	if !errors.Is(err, geo.ErrInvalid) || strings.Contains(err.Error(), "become shorter") {
		t.Fatalf("an error of no kind: %v", err)
	}
}

// soundRecord checks what every record must hold to.
func soundRecord(t *testing.T, r *record.Record, fields int) {
	if len(r.Values) != fields {
		t.Fatalf("%d values of %d fields", len(r.Values), fields)
	}
	for _, v := range r.Values {
		if v.Kind == record.Text && !utf8.Valid(v.Text) && r.Fault == nil {
			t.Fatalf("%s = %q is not text", v.Name, v.Text)
		}
	}
	if r.Fault != nil {
		return
	}
	s := &r.Shape
	ends, parts := 0, 0
	for _, end := range s.Ends {
		if end <= ends {
			t.Fatalf("ends %v", s.Ends)
		}
		ends = end
	}
	for _, part := range s.Parts {
		if part <= parts {
			t.Fatalf("parts %v", s.Parts)
		}
		parts = part
	}
	if s.Vertices() == 0 || s.Kind == "" || len(s.Ends) > 0 && ends != s.Vertices() || s.Kind == geo.Polygon &&
		parts != len(s.Ends) {
		t.Fatalf("%+v", s)
	}
}

func BenchmarkShapefile(b *testing.B) {
	const rows, seed = 100_000, 1
	random := rand.New(rand.NewPCG(seed, 0))
	columns := []column{{"编号", 'C', 10}, {"名称", 'C', 30}, {"类型", 'C', 12}, {"数量", 'N', 6}, {"日期", 'D', 8},
		{"备注", 'C', 40}}
	shapes, cells := make([][]byte, rows), make([][]string, rows)
	for i := range rows {
		shapes[i] = pointShape(112+random.Float64(), 32+random.Float64())
		cells[i] = []string{fmt.Sprintf("NY%06d", i), recordtest.GBK(b, fmt.Sprint("座椅", i%100)),
			recordtest.GBK(b, "木制"), fmt.Sprint(random.IntN(10)), "20210630", recordtest.GBK(b, "仲景路与人民路交叉口")}
	}
	path := filepath.Join(b.TempDir(), "points.shp")
	for ext, data := range map[string][]byte{".shp": madeSHP(1, shapes...), ".dbf": madeDBF(0x4D, columns, cells...)} {
		if err := os.WriteFile(strings.TrimSuffix(path, ".shp")+ext, data, 0o600); err != nil {
			b.Fatal(err)
		}
	}
	b.ReportAllocs()
	for b.Loop() {
		file := openSet(b, path, record.Options{})
		cut, err := file.Cutter(b.Context(), &record.Pace{})
		if err != nil {
			b.Fatal(err)
		}
		decoder, rec, batch, read := file.Decoder(), record.Record{}, record.Batch{}, 0
		for cut.Next(&batch) == nil {
			for _, s := range batch.Spans {
				decoder.Decode(batch.Data[s.Start:s.End], &rec)
				if read++; rec.Fault != nil {
					b.Fatal(rec.Fault)
				}
			}
		}
		if err := cut.Close(); err != nil || read != rows {
			b.Fatal(read, err)
		}
	}
	b.ReportMetric(float64(rows)*float64(b.N)/b.Elapsed().Seconds(), "rows/s")
}
