package index

import (
	"fmt"
	"math"
	"testing"

	"yizhan/geo"
)

func TestADictionaryHoldsEachValueOnce(t *testing.T) {
	d := newDictionary()
	refs := map[Ref]any{}
	for range 2 {
		for i := range 5000 {
			for r, v := range map[Ref]any{
				d.Text(fmt.Append(nil, i)): fmt.Sprint(i), d.Int(int64(i) - 2500): int64(i) - 2500,
				d.Float(float64(i) / 4): float64(i) / 4, d.Bool(i%2 == 0): i%2 == 0,
			} {
				if before, there := refs[r]; there && before != v {
					t.Fatalf("%d stands for %v and %v", r, before, v)
				}
				refs[r] = v
			}
		}
	}
	if len(refs) != 3*5000+2 || d.held.Len() != len(refs)+1 {
		t.Errorf("%d values in %d entries", len(refs), d.held.Len())
	}
	for r, v := range refs {
		if got := d.held.Any(r); got != v {
			t.Errorf("%d is %v, want %v", r, got, v)
		}
	}
	if d.Text(nil) == 0 || d.Int(0) == 0 || d.Bool(false) == 0 {
		t.Error("a value is null")
	}
	if d.Float(math.NaN()) != 0 || d.held.Any(0) != nil {
		t.Error("null is a value")
	}
}

func TestInterningAValueThatIsThereAllocatesNothing(t *testing.T) {
	d := newDictionary()
	text := []byte("雨水箅子")
	d.Text(text)
	d.Int(7)
	d.Float(0.5)
	if n := testing.AllocsPerRun(100, func() { d.Text(text); d.Int(7); d.Float(0.5); d.Bool(true) }); n > 0 {
		t.Errorf("%v allocations", n)
	}
}

// Edits that bring ever new values do not make the dictionary grow for ever, and
// a layer that shrinks gives its memory back.
func TestTheDictionaryOfALayerUnderSteadyEditsStaysSmall(t *testing.T) {
	layer := layerOf(geo.Point)
	b := NewBuilder(layer, 0)
	r := row{geometry: nil}
	for id := range int64(5000) {
		if err := b.Add(id, r.wkb(t), []Ref{b.Dictionary().Int(id), 0}); err != nil {
			t.Fatal(err)
		}
	}
	c := b.Build()
	n := int64(0)
	for range 60 {
		e := c.Edit()
		for id := range int64(5000) {
			n++
			if err := e.Upsert(id, r.wkb(t), []Ref{e.Dictionary().Text(fmt.Appendf(nil, "value %d", n)), 0}); err != nil {
				t.Fatal(err)
			}
		}
		c, _ = e.Commit()
		if held := c.values.Len(); held > 3*5000+spareValues {
			t.Fatalf("after %d edits the dictionary has %d entries", n, held)
		}
	}
	e := c.Edit()
	for id := range int64(4000) {
		e.Remove(id)
	}
	c, _ = e.Commit()
	if c.Len() != 1000 || c.values.Len() > 1001+len(c.tally.categories) {
		t.Errorf("%d features with %d values", c.Len(), c.values.Len())
	}
}
