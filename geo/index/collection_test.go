package index

import (
	"fmt"
	"math"
	"reflect"
	"slices"
	"testing"

	"yizhan/geo"

	"github.com/paulmach/orb"
	"github.com/paulmach/orb/encoding/ewkb"
	"pgregory.net/rapid"
)

// layerOf makes a public layer with a text and an integer field.
func layerOf(kind geo.Kind) *geo.Layer {
	return &geo.Layer{
		Name: "things", Kind: kind, MaxZoom: geo.MaxZoom, PointZoom: 14, Privacy: geo.Public, Facet: "name",
		Fields: []geo.Field{{Name: "name", Type: geo.Text, Categories: []geo.Category{{Value: "杆"}, {Value: "井"},
			{Value: "never"}}}, {Name: "size", Type: geo.Integer}},
	}
}

// row is a feature as a table would hold it.
type row struct {
	geometry orb.Geometry // nil for none
	name     string       // "" for null
	size     int64
}

// category is the index of its name among the categories.
func (r row) category() int { return slices.Index([]string{"杆", "井"}, r.name) }

func (r row) wkb(t interface{ Fatalf(string, ...any) }) []byte {
	if r.geometry == nil {
		return nil
	}
	b, err := ewkb.Marshal(r.geometry, 4326)
	if err != nil {
		t.Fatalf("marshal %v: %v", r.geometry, err)
	}
	return b
}

func (r row) values(d *Dictionary) []Ref {
	name := Ref(0)
	if r.name != "" {
		name = d.Text([]byte(r.name))
	}
	return []Ref{name, d.Int(r.size)}
}

// drawRow makes a feature in or around Nanyang, sometimes at a place that others have too.
func drawRow(t *rapid.T, kind geo.Kind) row {
	place := func() orb.Point {
		if rapid.IntRange(0, 9).Draw(t, "crowd") == 0 {
			return orb.Point{112.53, 33}
		}
		return orb.Point{rapid.Float64Range(112, 113).Draw(t, "lon"), rapid.Float64Range(32.5, 33.5).Draw(t, "lat")}
	}
	r := row{name: rapid.SampledFrom([]string{"", "井", "箱", "杆"}).Draw(t, "name"),
		size: rapid.Int64Range(-3, 3).Draw(t, "size")}
	switch {
	case rapid.IntRange(0, 19).Draw(t, "bare") == 0:
	case kind == geo.Point && rapid.IntRange(0, 9).Draw(t, "several") == 0:
		r.geometry = orb.MultiPoint{place(), place(), place()}
	case kind == geo.Point:
		r.geometry = place()
	case kind == geo.Line:
		p, q := place(), place()
		r.geometry = orb.LineString{p, q, {p[0] + 0.01, p[1]}}
	default:
		p, side := place(), rapid.Float64Range(0.00001, 0.1).Draw(t, "side")
		r.geometry = orb.Polygon{{p, {p[0] + side, p[1]}, {p[0] + side, p[1] + side}, {p[0], p[1] + side}, p}}
	}
	return r
}

// A collection holds what a table would hold, whatever was done to it, and older
// versions keep what they held.
func TestCollectionEqualsATableAfterAnyEdits(t *testing.T) {
	for _, kind := range []geo.Kind{geo.Point, geo.Line, geo.Polygon} {
		t.Run(string(kind), func(t *testing.T) { rapid.Check(t, func(t *rapid.T) { checkEdits(t, kind) }) })
	}
}

func checkEdits(t *rapid.T, kind geo.Kind) {
	table := map[int64]row{}
	b := NewBuilder(layerOf(kind), 0)
	for id := range rapid.Int64Range(0, 400).Draw(t, "rows") {
		table[id] = drawRow(t, kind)
		if err := b.Add(id, table[id].wkb(t), table[id].values(b.Dictionary())); err != nil {
			t.Fatalf("add: %v", err)
		}
	}
	c := b.Build()
	equals(t, c, table)
	for range rapid.IntRange(0, 4).Draw(t, "commits") {
		before := c
		held := snapshot(before)
		e := c.Edit()
		for range rapid.IntRange(0, 60).Draw(t, "changes") {
			id := rapid.Int64Range(0, 450).Draw(t, "id")
			if rapid.Bool().Draw(t, "remove") {
				e.Remove(id)
				delete(table, id)
				continue
			}
			table[id] = drawRow(t, kind)
			if err := e.Upsert(id, table[id].wkb(t), table[id].values(e.Dictionary())); err != nil {
				t.Fatalf("upsert: %v", err)
			}
		}
		if rapid.IntRange(0, 4).Draw(t, "drop the edit once") == 0 {
			redo := before.Edit()
			redo.Remove(rapid.Int64Range(0, 450).Draw(t, "other id"))
			redo.Commit()
		}
		c, _ = e.Commit()
		equals(t, c, table)
		if now := snapshot(before); !reflect.DeepEqual(held, now) {
			t.Fatalf("an edit changed the version before it")
		}
	}
}

// snapshot is all that a version holds, as text by id.
func snapshot(c *Collection) map[int64]string {
	held := map[int64]string{}
	c.Each(func(id int64, g orb.Geometry, values []any) bool {
		held[id] = fmt.Sprint(g, values)
		return true
	})
	return held
}

func equals(t *rapid.T, c *Collection, table map[int64]row) {
	if c.Len() != len(table) {
		t.Fatalf("Len is %d; the table has %d rows", c.Len(), len(table))
	}
	located := 0
	for _, r := range table {
		if r.geometry != nil {
			located++
		}
	}
	seen := map[int64]bool{}
	c.Each(func(id int64, g orb.Geometry, values []any) bool {
		r, present := table[id]
		if !present || seen[id] {
			t.Fatalf("feature %d is not in the table, or met twice", id)
		}
		seen[id] = true
		want := []any{r.name, r.size}
		if r.name == "" {
			want[0] = nil
		}
		if !reflect.DeepEqual(values, want) {
			t.Fatalf("feature %d has values %v, want %v", id, values, want)
		}
		if (g == nil) != (r.geometry == nil) || g != nil && apart(g, r.geometry) > 1e-7 {
			t.Fatalf("feature %d is %v, want %v", id, g, r.geometry)
		}
		return true
	})
	if len(seen) != len(table) {
		t.Fatalf("met %d of %d features", len(seen), len(table))
	}
	if c.layer.Kind == geo.Point {
		total := 0
		tallied, categories := map[int]int{}, map[int]int{}
		c.Clusters(geo.Tile{}.Extent(), 5, func(k Cluster) {
			total += int(k.Count)
			if k.Bucket != nil {
				n := len(c.layer.Fields)
				tallied[c.Category(k.Bucket.Refs[k.Index*n:(k.Index+1)*n])]++
				return
			}
			rest := int(k.Count)
			for i, n := range k.Tally {
				tallied[i] += int(n)
				rest -= int(n)
			}
			tallied[-1] += rest
		})
		for _, r := range table {
			if r.geometry != nil {
				categories[r.category()]++
			}
		}
		for i := -1; i < len(c.layer.Fields[0].Categories); i++ {
			if tallied[i] != categories[i] {
				t.Fatalf("clusters count %v by category; the table has %v", tallied, categories)
			}
		}
		if total != located {
			t.Fatalf("clusters count %d of %d", total, located)
		}
	}
}

// apart is how far the boxes of two geometries differ, in degrees.
func apart(a, b orb.Geometry) float64 {
	x, y := a.Bound(), b.Bound()
	most := 0.0
	for i := range 2 {
		most = max(most, math.Abs(x.Min[i]-y.Min[i]), math.Abs(x.Max[i]-y.Max[i]))
	}
	return most
}
