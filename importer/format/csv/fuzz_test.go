package csv

import (
	"bytes"
	"context"
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"testing"

	"yizhan/importer/record"
)

// sips reads a few bytes at a time.
type sips struct {
	r    io.Reader
	most int
}

func (s sips) Read(b []byte) (int, error) { return s.r.Read(b[:min(len(b), s.most)]) }

// cutAll cuts text into rows: number, offset and bytes of each, then the error that ended it.
func cutAll(r io.Reader, delimiter string, limit int) (rows []string) {
	c := &cutter{dialect: dialect{delimiter}, ctx: context.Background(), r: io.NopCloser(r), name: "list",
		limit: limit, placed: true}
	b := record.Batch{}
	for {
		err := c.Next(&b)
		for _, s := range b.Spans {
			rows = append(rows, fmt.Sprintf("%d %d %q", s.Position, s.Offset, b.Data[s.Start:s.End]))
		}
		if err != nil {
			return append(rows, err.Error())
		}
	}
}

// The rows do not depend on how the bytes come in, and every row is at its offset.
func FuzzCSVCut(f *testing.F) {
	for _, s := range []string{"a,b\n1,2\n", "a,b\r\n\"x\r\n\"\"y\",2\r\n", "\"open\n", "a\r\rb\n\rc",
		"\"a\"b\"c\",d\n", "，\n\"，\"，\r\n", gbText("名称,顋\n\"甲\",\"乙\"\r\n"), "'=1,2\n,,\n"} {
		f.Add([]byte(s), uint8(1), uint8(0))
	}
	f.Fuzz(func(t *testing.T, text []byte, sip, kind uint8) {
		delimiter := []string{",", "\t", ";", "|", "，", ""}[int(kind)%6]
		want := cutAll(bytes.NewReader(text), delimiter, 1000)
		if got := cutAll(sips{bytes.NewReader(text), int(sip) + 1}, delimiter, 1000); !reflect.DeepEqual(got, want) {
			t.Errorf("%q by %d bytes: %q, want %q", text, sip, got, want)
		}
		d := dialect{delimiter}
		for _, row := range want[:len(want)-1] {
			var number, offset int
			var record string
			if _, err := fmt.Sscanf(row, "%d %d %q", &number, &offset, &record); err != nil ||
				!bytes.HasPrefix(text[offset:], []byte(record)) {
				t.Fatalf("%s is not in %q: %v", row, text, err)
			}
			if cells, _, n, _ := d.split([]byte(record), nil, nil, 5); n < 1 || len(cells) != min(n, 5) {
				t.Errorf("%q has %d cells of %d", record, len(cells), n)
			}
		}
	})
}

// What encoding/csv takes without leniency is cut into the same cells.
func FuzzCSVLikeEncodingCSV(f *testing.F) {
	for _, s := range []string{"a,b\n1,2\n", "\"a\"\"b\",\"c\nd\"\n,x\n", "x,\"\"\n"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, text string) {
		strict := csv.NewReader(strings.NewReader(text))
		strict.FieldsPerRecord = -1
		want, err := strict.ReadAll()
		if err != nil || strings.ContainsAny(text, "\r'") { // CR alone and apostrophes are ours
			return
		}
		var got [][]string
		c := &cutter{dialect: dialect{","}, ctx: t.Context(), r: io.NopCloser(strings.NewReader(text)),
			limit: 1 << 20}
		var b record.Batch
		for c.Next(&b) == nil {
			for _, s := range b.Spans {
				cells, _, _, _ := c.split(b.Data[s.Start:s.End], nil, nil, 1000)
				got = append(got, texts(cells))
			}
		}
		var filled [][]string
		for _, row := range want {
			if strings.Trim(strings.Join(row, ""), " \t") != "" || strings.Contains(text, "\"") {
				filled = append(filled, row)
			}
		}
		if strings.Contains(text, "\"") && len(got) != len(filled) {
			return // a row of spaces and empty quotations
		}
		if fmt.Sprintf("%q", got) != fmt.Sprintf("%q", filled) {
			t.Errorf("%q: %q, want %q", text, got, filled)
		}
	})
}

func texts(cells [][]byte) []string {
	out := make([]string, len(cells))
	for i, c := range cells {
		out[i] = string(c)
	}
	return out
}

// Any bytes are a table or an error, and reading them again gives the same.
func FuzzCSV(f *testing.F) {
	for _, s := range []string{"name,lon,lat\na,1,2\n", gbText("名称,经度,纬度\n甲,1,2\n合计,,\n"),
		utf16Text("wkt\nPOINT(1 2)", false), "坐标\n\"1,2\"", "\xef\xbb\xbfx;y\n1;2"} {
		f.Add([]byte(s))
	}
	dir := f.TempDir()
	f.Fuzz(func(t *testing.T, text []byte) {
		path := filepath.Join(dir, "list.csv")
		if err := os.WriteFile(path, text, 0o600); err != nil {
			t.Fatal(err)
		}
		file, err := Open(t.Context(), record.Input{Name: "list.csv", Path: path,
			Options: record.Options{Limits: record.Limits{RecordBytes: 10000}.WithDefaults()}})
		if err != nil {
			return
		}
		once, end, err := tableRows(t, file)
		again, endAgain, errAgain := tableRows(t, file)
		if !reflect.DeepEqual(once, again) || !reflect.DeepEqual(end, endAgain) ||
			fmt.Sprint(err) != fmt.Sprint(errAgain) {
			t.Errorf("%q: two readings differ", text)
		}
	})
}

func TestRowsDoNotDependOnWhereBatchesEnd(t *testing.T) {
	var text strings.Builder
	random := rand.New(rand.NewPCG(1, 2))
	for i := range 40000 {
		fmt.Fprintf(&text, "%d,\"%s\",%s%s", i, strings.Repeat("行,\"\"\r\n", random.IntN(4)),
			strings.Repeat("x", random.IntN(40)), []string{"\n", "\r\n", "\r"}[random.IntN(3)])
	}
	want := cutAll(strings.NewReader(text.String()), ",", 1<<20)
	if len(want) != 40001 || want[40000] != "EOF" {
		t.Fatalf("%d rows, then %s", len(want), want[len(want)-1])
	}
	for _, sip := range []int{1000, 4096, 262143, 262144} {
		if got := cutAll(sips{strings.NewReader(text.String()), sip}, ",", 1<<20); !reflect.DeepEqual(got, want) {
			t.Errorf("by %d bytes the rows are others", sip)
		}
	}
}

func TestACancelledReadingEnds(t *testing.T) {
	f, err := tableFile(t, "name,lon,lat\na,1,2\n", record.Options{})
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(context.Background())
	cutter, err := f.Cutter(ctx, &record.Pace{})
	if err != nil {
		t.Fatal(err)
	}
	cancel()
	if err := cutter.Next(&record.Batch{}); !errors.Is(err, context.Canceled) {
		t.Error(err)
	}
	if err := cutter.Close(); err != nil {
		t.Error(err)
	}
}

// benchmarkTable is a table of a million bytes and more: names, a code, coordinates.
func benchmarkTable(rows int) string {
	random := rand.New(rand.NewPCG(7, 7))
	var text strings.Builder
	text.WriteString("编号,名称,所属道路,数量,经度,纬度\r\n")
	for i := range rows {
		fmt.Fprintf(&text, "NY%07d,窨井%d号,\"建设路, 东段\",%d,%.7f,%.7f\r\n", i, i%1000, random.IntN(90),
			112+random.Float64(), 32+random.Float64())
	}
	return text.String()
}

func BenchmarkCSV(b *testing.B) {
	const rows = 100_000
	for _, c := range []struct{ name, text string }{
		{"UTF-8", benchmarkTable(rows)}, {"GB18030", gbText(benchmarkTable(rows))},
		{"UTF-8 without quotations", strings.ReplaceAll(strings.ReplaceAll(benchmarkTable(rows), "\"", ""), "路, ",
			"路")},
	} {
		b.Run(c.name, func(b *testing.B) {
			f, err := tableFile(b, c.text, record.Options{})
			if err != nil {
				b.Fatal(err)
			}
			b.SetBytes(int64(len(c.text)))
			b.ReportAllocs()
			for b.Loop() {
				if n := drain(b, f); n != rows {
					b.Fatal(n)
				}
			}
			b.ReportMetric(float64(rows)*float64(b.N)/b.Elapsed().Seconds(), "rows/s")
		})
	}
}

// drain reads a table in one goroutine and counts its sound records.
func drain(b *testing.B, f *record.File) (n int) {
	cutter, err := f.Cutter(context.Background(), &record.Pace{})
	if err != nil {
		b.Fatal(err)
	}
	decoder := f.Decoder()
	var batch record.Batch
	var r record.Record
	for {
		if err := cutter.Next(&batch); err != nil {
			if !errors.Is(err, io.EOF) {
				b.Fatal(err)
			}
			break
		}
		for _, s := range batch.Spans {
			if decoder.Decode(batch.Data[s.Start:s.End], &r); r.Fault == nil {
				n++
			}
		}
	}
	if err := cutter.Close(); err != nil {
		b.Fatal(err)
	}
	return n
}
