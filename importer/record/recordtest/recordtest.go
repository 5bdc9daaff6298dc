// Package recordtest holds what the tests of all readers share: files written for a
// test, and records written on lines.
package recordtest

import (
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"golang.org/x/text/encoding/simplifiedchinese"

	"yizhan/importer/record"
)

// Records reads a whole file and writes each record on a line: where it
// comes from, its shape, its values, its fault.
func Records(t *testing.T, f *record.File) (lines []string, end record.End) {
	t.Helper()
	pace := &record.Pace{}
	cut, err := f.Cutter(t.Context(), pace)
	if err != nil {
		t.Fatal(err)
	}
	defer func() {
		if err := cut.Close(); err != nil {
			t.Error(err)
		}
	}()
	decoder, rec := f.Decoder(), record.Record{}
	for n := 0; ; n++ {
		var b record.Batch
		err := cut.Next(&b)
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			t.Fatal(err)
		}
		if b.Number != n {
			t.Errorf("batch %d is numbered %d", n, b.Number)
		}
		for _, s := range b.Spans {
			decoder.Decode(b.Data[s.Start:s.End], &rec)
			lines = append(lines, written(s.Position, &rec))
		}
	}
	if pace.Read.Load() != f.Size {
		t.Errorf("%d bytes are told as read, and the file has %d", pace.Read.Load(), f.Size)
	}
	return lines, cut.End()
}

func written(position int64, r *record.Record) string {
	parts := []string{fmt.Sprint(position)}
	if r.Fault != nil {
		parts = append(parts, "!"+string(r.Fault.Reason)+" "+r.Fault.Field+" "+r.Fault.Value)
	} else {
		parts = append(parts, Shape(&r.Shape))
	}
	for _, v := range r.Values {
		mark := map[record.ValueKind]string{record.Null: "null", record.Text: "'" + string(v.Text) + "'"}[v.Kind]
		if mark == "" {
			mark = string(v.Text)
		}
		parts = append(parts, string(v.Name)+"="+mark)
	}
	return strings.Join(parts, " | ")
}

// Shape is a shape on a line, such as "polygon 0 0, 1 0, 1 1, 0 0; rings 4; parts 1".
func Shape(s *record.Shape) string {
	text := string(s.Kind)
	if s.Multi {
		text = "multi" + text
	}
	for i := 0; i < len(s.Coordinates); i += 2 {
		separator := ", "
		if i == 0 {
			separator = " "
		}
		text += fmt.Sprintf("%s%v %v", separator, s.Coordinates[i], s.Coordinates[i+1])
	}
	if len(s.Ends) > 0 {
		text += fmt.Sprintf("; ends %v", s.Ends)
	}
	if len(s.Parts) > 0 {
		text += fmt.Sprintf("; parts %v", s.Parts)
	}
	if s.Flattened {
		text += "; flat"
	}
	return text
}

// English are notes as they read in English.
func English(end record.End) string {
	var notes []string
	for _, n := range end.Notes {
		notes = append(notes, n.EN)
	}
	return strings.Join(notes, "\n")
}

// Expect compares records line by line.
func Expect(t *testing.T, got []string, want ...string) {
	t.Helper()
	for i := range max(len(got), len(want)) {
		var g, w string
		if i < len(got) {
			g = got[i]
		}
		if i < len(want) {
			w = want[i]
		}
		if g != w {
			t.Errorf("record %d:\n got %s\nwant %s", i+1, g, w)
		}
	}
}

// Stored writes a file into a folder of the test.
func Stored(t *testing.T, name string, data []byte) string {
	t.Helper()
	at := filepath.Join(t.TempDir(), name)
	if err := os.WriteFile(at, data, 0o600); err != nil {
		t.Fatal(err)
	}
	return at
}

// Left is how many entries a folder for temporary files has.
func Left(t *testing.T, temp string) int {
	t.Helper()
	entries, err := os.ReadDir(temp)
	if err != nil {
		t.Fatal(err)
	}
	return len(entries)
}

// GBK is a text in GB18030.
func GBK(t testing.TB, s string) string {
	t.Helper()
	encoded, err := simplifiedchinese.GB18030.NewEncoder().String(s)
	if err != nil {
		t.Fatal(err)
	}
	return encoded
}

// Must ends the test at an error.
func Must(t testing.TB, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

// Input is a file with all limits filled in.
func Input(path string, o record.Options) record.Input {
	o.Limits = o.WithDefaults()
	return record.Input{Name: filepath.Base(path), Path: path, Options: o}
}

// Drain opens and reads a file to its end, as often as wanted.
func Drain(b *testing.B, rows int, open func() (*record.File, error)) {
	b.ReportAllocs()
	for b.Loop() {
		f, err := open()
		Must(b, err)
		cut, err := f.Cutter(b.Context(), &record.Pace{})
		Must(b, err)
		decoder, rec, n := f.Decoder(), record.Record{}, 0
		var batch record.Batch
		for cut.Next(&batch) == nil {
			for _, s := range batch.Spans {
				decoder.Decode(batch.Data[s.Start:s.End], &rec)
				n++
			}
		}
		if n != rows || rec.Fault != nil {
			b.Fatalf("%d records, the last with %v", n, rec.Fault)
		}
		Must(b, cut.Close())
		Must(b, f.Close())
	}
	b.ReportMetric(float64(rows)*float64(b.N)/b.Elapsed().Seconds(), "rows/s")
}
