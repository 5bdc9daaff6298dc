package geo

import (
	"strconv"
	"strings"
)

// MaxCategories is how many categories of a facet are counted by name in cells;
// what is left of a cell's count are the others.
const MaxCategories = 16

// Names of a cell's attributes: how many points it stands for, and after the prefix the
// value of each category of the facet that there are any of.
const (
	CountKey    = "count"
	CountPrefix = "count_"
)

// KeepCounts takes fields out of the tiles of a layer of points whose names those of
// cells have: a single point with such an attribute would be taken for a cell.
func (l *Layer) KeepCounts() {
	for i, f := range l.Fields {
		if l.Kind == Point && (f.Name == CountKey || strings.HasPrefix(f.Name, CountPrefix)) {
			l.Fields[i].MinZoom = nil
		}
	}
}

// Tallied is the layer's facet: the index of its field and the categories that
// cells count, -1 and none when there is nothing to count by.
func (l *Layer) Tallied() (field int, categories []Category) {
	for i, f := range l.Fields {
		if f.Name == l.Facet && l.Kind == Point && len(f.Categories) > 0 {
			return i, f.Categories[:min(len(f.Categories), MaxCategories)]
		}
	}
	return -1, nil
}

// Always reports whether single points have the field at every zoom at which others
// are counted by cells: their key, by which they are found elsewhere, and the facet,
// by which they are coloured and counted.
func (l *Layer) Always(f Field) bool {
	return l.Kind == Point && (f.Name == l.Facet || f.Name == l.KeyColumn)
}

// tally is the categories of a collection's points: which field, and the value of
// each category in the dictionary.
type tally struct {
	field      int
	categories []Ref
}

// newTally interns the categories of the layer's facet.
func newTally(l *Layer, d *Dictionary) tally {
	field, categories := l.Tallied()
	t := tally{field: field}
	for _, c := range categories {
		t.categories = append(t.categories, d.parse(l.Fields[field].Type, c.Value))
	}
	return t
}

// parse interns a value given as text; what is not of the type is null.
func (d *Dictionary) parse(t FieldType, text string) Ref {
	switch t {
	case Integer:
		if n, err := strconv.ParseInt(text, 10, 64); err == nil {
			return d.Int(n)
		}
	case Number:
		if f, err := strconv.ParseFloat(text, 64); err == nil {
			return d.Float(f)
		}
	case Boolean:
		if b, err := strconv.ParseBool(text); err == nil {
			return d.Bool(b)
		}
	default:
		return d.Text([]byte(text))
	}
	return 0
}

// renumbered is the tally after the dictionary was reordered.
func (t tally) renumbered(values *reordering) tally {
	next := tally{field: t.field, categories: make([]Ref, len(t.categories))}
	for i, r := range t.categories {
		next.categories[i] = values.ref(r)
	}
	return next
}

// of is the category of a point with these values, -1 for none of them.
func (t *tally) of(values []Ref) int {
	if t.field < 0 || values[t.field] == 0 {
		return -1
	}
	for i, r := range t.categories {
		if r == values[t.field] {
			return i
		}
	}
	return -1
}

// note adds to the counts of a node, or takes away from them.
func (t *tally) note(n *node, values []Ref, by int32) {
	category := t.of(values)
	if category < 0 {
		return
	}
	if n.tally == nil {
		n.tally = make([]uint32, len(t.categories))
	}
	n.tally[category] += uint32(by)
}

// sum adds the counts of a child to those of its node.
func (n *node) sum(kid *node) {
	if kid.tally == nil {
		return
	}
	if n.tally == nil {
		n.tally = make([]uint32, len(kid.tally))
	}
	for i, count := range kid.tally {
		n.tally[i] += count
	}
}
