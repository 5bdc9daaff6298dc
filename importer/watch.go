package importer

import (
	"bytes"
	"cmp"
	"maps"
	"slices"
	"strconv"

	"yizhan/geo"
	"yizhan/importer/persons"
	"yizhan/internal/lang"
)

// watch looks for personal numbers in the columns of a public layer that everyone sees
// and that accept any text or number. It rejects nothing: the layer exists already, and
// the planner is warned.
type watch struct {
	columns []int
	former  [][]byte // by columns: the value of the row before, when it was of no interest
	seen    map[sighted]sighting
}

// sighted is what was seen in which column.
type sighted struct {
	column int
	kind   persons.Kind
}

// sighting is in how many rows, and the first of them.
type sighting struct {
	rows, position int64
	sample         string // masked
}

func newWatch(t *Target) watch {
	w := watch{seen: map[sighted]sighting{}}
	for i, c := range t.Columns {
		free := c.Type == geo.Text && len(c.Categories) == 0 && len(c.Values) == 0 || c.Type == geo.Integer
		if free && t.Layer.Privacy == geo.Public && c.Privacy != geo.Personal {
			w.columns = append(w.columns, i)
		}
	}
	w.former = make([][]byte, len(w.columns))
	return w
}

// Mobile numbers as whole numbers.
const (
	leastMobile = 13_000_000_000
	mostMobile  = 19_999_999_999
)

// look looks at a row that goes into the layer.
func (w *watch) look(row *Row) {
	for at, i := range w.columns {
		text := row.values[i].text
		if n := row.values[i].integer; n >= leastMobile && n <= mostMobile && text == nil {
			text = strconv.AppendInt(nil, n, 10)
		}
		if len(text) == 0 || bytes.Equal(text, w.former[at]) {
			continue
		}
		kind, found := persons.Numbers(text)
		if kind == "" {
			w.former[at] = append(w.former[at][:0], text...)
			continue
		}
		w.note(sighted{i, kind}, sighting{1, row.Position, persons.Mask(kind, found)})
	}
}

func (w *watch) note(what sighted, s sighting) {
	had, there := w.seen[what]
	if there && had.position < s.position {
		s.position, s.sample = had.position, had.sample
	}
	s.rows += had.rows
	w.seen[what] = s
}

// join takes over what another has seen.
func (w *watch) join(o *watch) {
	if w.seen == nil {
		w.seen = map[sighted]sighting{}
	}
	for what, s := range o.seen {
		w.note(what, s)
	}
}

// warnings say what was seen. In a column of numbers a few may match by chance.
func (w *watch) warnings(t *Target, read int64) []lang.Label {
	var list []lang.Label
	inOrder := slices.SortedFunc(maps.Keys(w.seen), func(a, b sighted) int {
		return 2*(a.column-b.column) + map[bool]int{true: 1, false: -1}[a.kind > b.kind]
	})
	for _, what := range inOrder {
		s, field := w.seen[what], t.Columns[what.column]
		if field.Type == geo.Integer && float64(s.rows) < suspectCodes*float64(read) {
			continue
		}
		list = append(list, lang.Bothf("field %s of this public layer contains %s (%s×), such as %s; "+
			"if that is unintended, undo this batch, remove them and import again",
			lang.Label{ZH: lang.Chinese.Sayf("%q", cmp.Or(field.Title.ZH, field.Name)), EN: field.Name},
			what.kind.Title(), lang.Thousands(s.rows), s.sample))
	}
	return list
}
