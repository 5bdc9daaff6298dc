package format

import (
	"errors"
	"fmt"
	"io"
	"strings"
	"testing"
)

// writtenRecords reads a whole file and writes each record on a line: where it
// comes from, its shape, its values, its fault.
func writtenRecords(t *testing.T, f *File) (lines []string, end End) {
	t.Helper()
	pace := &Pace{}
	cut, err := f.cutter(t.Context(), pace)
	if err != nil {
		t.Fatal(err)
	}
	defer func() {
		if err := cut.Close(); err != nil {
			t.Error(err)
		}
	}()
	decoder, record := f.decoder(), Record{}
	for n := 0; ; n++ {
		var b Batch
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
			decoder.Decode(b.Data[s.Start:s.End], &record)
			lines = append(lines, writtenRecord(s.Position, &record))
		}
	}
	if pace.Read.Load() != f.Size {
		t.Errorf("%d bytes are told as read, and the file has %d", pace.Read.Load(), f.Size)
	}
	return lines, cut.End()
}

func writtenRecord(position int64, r *Record) string {
	parts := []string{fmt.Sprint(position)}
	if r.Fault != nil {
		parts = append(parts, "!"+r.Fault.Reason+" "+r.Fault.Field+" "+r.Fault.Value)
	} else {
		parts = append(parts, writtenShape(&r.Shape))
	}
	for _, v := range r.Values {
		mark := map[ValueKind]string{Null: "null", Text: "'" + string(v.Text) + "'"}[v.Kind]
		if mark == "" {
			mark = string(v.Text)
		}
		parts = append(parts, string(v.Name)+"="+mark)
	}
	return strings.Join(parts, " | ")
}

// writtenShape is a shape on a line, such as "polygon 0 0, 1 0, 1 1, 0 0; rings 4; parts 1".
func writtenShape(s *Shape) string {
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

// english are notes as they read in English.
func english(end End) string {
	var notes []string
	for _, n := range end.Notes {
		notes = append(notes, n.EN)
	}
	return strings.Join(notes, "\n")
}

func expectLines(t *testing.T, got []string, want ...string) {
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

func TestCells(t *testing.T) {
	var record []byte
	record = appendCell(record, Text, []byte("座椅"))
	record = appendCell(record, Null, nil)
	record = appendTextCell(record, Number, strings.Repeat("9", 300))
	for _, want := range []cell{{Text, []byte("座椅")}, {Null, nil}, {Number, []byte(strings.Repeat("9", 300))}} {
		c, rest, ok := nextCell(record)
		if !ok || c.kind != want.kind || string(c.text) != string(want.text) {
			t.Fatalf("got %v %q, want %v", c.kind, c.text, want)
		}
		record = rest
	}
	if _, _, ok := nextCell(record); ok {
		t.Error("there is a cell behind the last")
	}
	for _, broken := range [][]byte{{1}, {1, 5, 'a'}, {1, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff}} {
		if _, _, ok := nextCell(broken); ok {
			t.Errorf("% x is taken as a cell", broken)
		}
	}
}
