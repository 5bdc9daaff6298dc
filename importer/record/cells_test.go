package record

import (
	"strings"
	"testing"
)

func TestCells(t *testing.T) {
	var record []byte
	record = AppendCell(record, Text, []byte("座椅"))
	record = AppendCell(record, Null, nil)
	record = AppendTextCell(record, Number, strings.Repeat("9", 300))
	for _, want := range []Cell{{Text, []byte("座椅")}, {Null, nil}, {Number, []byte(strings.Repeat("9", 300))}} {
		c, rest, ok := NextCell(record)
		if !ok || c.Kind != want.Kind || string(c.Text) != string(want.Text) {
			t.Fatalf("got %v %q, want %v", c.Kind, c.Text, want)
		}
		record = rest
	}
	if _, _, ok := NextCell(record); ok {
		t.Error("there is a cell behind the last")
	}
	for _, broken := range [][]byte{{1}, {1, 5, 'a'}, {1, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff,
		0xff}} {
		if _, _, ok := NextCell(broken); ok {
			t.Errorf("% x is taken as a cell", broken)
		}
	}
}
