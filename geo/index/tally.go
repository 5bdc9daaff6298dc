package index

import (
	"strconv"

	"yizhan/geo"
)

// tally is the categories of a collection's points: which field, and the value of
// each category in the dictionary.
type tally struct {
	field      int
	categories []Ref
}

// newTally interns the categories of the layer's facet.
func newTally(l *geo.Layer, d *Dictionary) tally {
	field, categories := l.Tallied()
	t := tally{field: field}
	for _, c := range categories {
		t.categories = append(t.categories, d.parse(l.Fields[field].Type, c.Value))
	}
	return t
}

// parse interns a value given as text; what is not of the type is null.
func (d *Dictionary) parse(t geo.FieldType, text string) Ref {
	switch t {
	case geo.Integer:
		if n, err := strconv.ParseInt(text, 10, 64); err == nil {
			return d.Int(n)
		}
	case geo.Number:
		if f, err := strconv.ParseFloat(text, 64); err == nil {
			return d.Float(f)
		}
	case geo.Boolean:
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
