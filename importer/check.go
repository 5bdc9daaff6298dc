package importer

import (
	"bytes"
	"errors"
	"strconv"
	"strings"
	"unicode/utf8"

	"yizhan/geo"
	"yizhan/importer/format"
	"yizhan/importer/record"
	"yizhan/internal/lang"
)

// flaw is a reason for rejection as an error inside the importer.
type flaw struct {
	reason record.Reason
	field  string
	value  string
	detail func() lang.Label // nil for none; most flaws are never reported

	predicate bool // the detail is said of the value: "not a number"
	quotes    bool // the detail repeats the value
}

func (f *flaw) Error() string { return string(f.reason) }

// checker turns the records of a file into checked rows of the target. One
// goroutine uses it.
type checker struct {
	target   *Target
	limits   format.Limits
	names    *names
	place    placer
	order    []match // where each value of the last record went, in its order
	key      int     // the key column, -1 without one
	row      Row
	wrong    *flaw  // first found in the attributes of the row
	arena    []byte // text of the row
	present  []bool // columns that some feature had
	unknown  map[string]int64
	notes    map[note]int64
	flat     int64
	doubtful int64 // polygons whose validity was not certified
	watch    watch
}

func newChecker(t *Target, to Place, n *names, limits format.Limits) *checker {
	c := &checker{target: t, limits: limits, names: n, place: placer{Place: to, target: t}, key: -1,
		present: make([]bool, len(t.Columns)), unknown: map[string]int64{}, notes: map[note]int64{}}
	c.row.values = make([]value, len(t.Columns))
	c.watch = newWatch(t)
	for i, column := range t.Columns {
		if column.Name == t.Layer.KeyColumn {
			c.key = i
		}
	}
	return c
}

// check makes a row of a record; on a rejection the row is not to be used. The
// attributes are read whatever is wrong with the shape, so that it can name the key.
func (c *checker) check(record *format.Record, at format.Span) (*Row, *Rejection) {
	clear(c.row.values)
	c.arena, c.wrong = c.arena[:0], nil
	c.row.Position, c.row.Offset = at.Position, at.Offset
	for i := range record.Values {
		v := &record.Values[i]
		if i >= len(c.order) || c.order[i].name != string(v.Name) {
			c.order = append(c.order[:i], c.names.find(string(v.Name)))
		}
		switch to := c.order[i]; {
		case to.column < 0:
			if !to.ignored {
				c.countUnknown(to.name)
			}
		case v.Kind == format.Null:
			c.setNull(to)
		default:
			c.set(to, v.Text)
		}
	}
	err := c.whole(record)
	if err != nil {
		return nil, c.reject(err)
	}
	if record.Shape.Flattened {
		c.flat++
	}
	if !certified(&record.Shape) {
		c.doubtful++
	}
	return &c.row, nil
}

// whole judges a record whose attributes have been read.
func (c *checker) whole(record *format.Record) (err error) {
	if f := record.Fault; f != nil {
		return &flaw{reason: f.Reason, field: f.Field, value: f.Value,
			detail: func() lang.Label { return f.Detail }}
	}
	if c.row.Geometry, err = c.place.encode(&record.Shape); err != nil {
		return err
	}
	if c.wrong != nil {
		return c.wrong
	}
	return c.finish()
}

// claim reports whether the property may fill its column, and notes that it stood
// there. Of two properties the one that names the column better has it, else the
// first; the same name twice is a flaw.
func (c *checker) claim(to match) bool {
	v := &c.row.values[to.column]
	switch {
	case !v.present || to.rank > v.rank:
		if v.present {
			c.countUnknown(v.name)
		}
		*v = value{present: true, rank: to.rank, name: to.name}
		return true
	case v.name == to.name:
		c.mark(&flaw{reason: record.RepeatedField, field: c.target.Columns[to.column].Name})
	default:
		c.countUnknown(to.name)
	}
	return false
}

// countUnknown counts a property for which the layer has no column.
func (c *checker) countUnknown(name string) {
	if _, counted := c.unknown[name]; counted || len(c.unknown) < mostNames {
		c.unknown[name]++
	}
}

func (c *checker) mark(f *flaw) {
	if c.wrong == nil {
		c.wrong = f
	}
}

func (c *checker) setNull(to match) {
	if c.claim(to) {
		c.row.values[to.column].null = true
	}
}

// set gives a column its value from text; what is wrong with it is kept in wrong.
func (c *checker) set(to match, text []byte) {
	if !c.claim(to) {
		return
	}
	i, field := to.column, c.target.Columns[to.column].Name
	switch {
	case len(text) > c.limits.FieldBytes:
		c.row.values[i].unread = true
		c.mark(&flaw{reason: record.TooLarge, field: field, detail: func() lang.Label {
			return lang.Bothf("%s bytes", lang.Thousands(int64(len(text))))
		}})
		return
	case bytes.IndexByte(text, 0) >= 0 || !utf8.Valid(text):
		c.row.values[i].unread = true
		c.mark(&flaw{reason: record.BadText, field: field})
		return
	}
	if f := c.convert(i, text); f != nil {
		c.row.values[i].unread = true
		f.field = field
		if f.value == "" {
			f.value = Clip(string(text))
		}
		c.mark(f)
	}
}

// hold keeps bytes until the next row.
func (c *checker) hold(b []byte) []byte {
	start := len(c.arena)
	c.arena = append(c.arena, b...)
	return c.arena[start:len(c.arena):len(c.arena)]
}

// finish checks what must be there, once all attributes are set.
func (c *checker) finish() error {
	for i := range c.row.values {
		v := &c.row.values[i]
		if v.present {
			c.present[i] = true
		} else {
			v.null = true
		}
		if v.null && (c.target.Columns[i].Required || i == c.key) {
			return &flaw{reason: record.MissingValue, field: c.target.Columns[i].Name}
		}
	}
	return nil
}

// reject makes the rejection of the current row. The report removes what could identify
// a person.
func (c *checker) reject(err error) *Rejection {
	one := &Rejection{Position: c.row.Position, Offset: c.row.Offset, Reason: record.BadJSON}
	var known *flaw
	if errors.As(err, &known) {
		one.Reason, one.Field, one.Value = known.reason, known.field, known.value
		one.Predicate, one.quotes = known.predicate, known.quotes
		if known.detail != nil {
			one.Detail = known.detail()
		}
	}
	if c.key >= 0 {
		one.key = strings.Clone(c.keyText())
		one.Key = Clip(one.key)
	}
	return one
}

// keyText is the row's key as text, empty where it has none.
func (c *checker) keyText() string { return string(c.appendKey(nil)) }

// appendKey appends the text of the row's key, nothing where it has none or one
// that could not be read.
func (c *checker) appendKey(b []byte) []byte {
	v := &c.row.values[c.key]
	switch {
	case !v.present || v.null || v.unread:
		return b
	case c.target.Columns[c.key].Type == geo.Integer:
		return strconv.AppendInt(b, v.integer, 10)
	case v.text == nil && c.target.Columns[c.key].Type == geo.Number:
		return strconv.AppendFloat(b, v.number, 'f', -1, 64)
	}
	return append(b, v.text...)
}

// Clip keeps a quoted value short.
func Clip(s string) string { return lang.Clip(s, longestValue) }

// longestValue is how many characters of a value a report quotes.
const longestValue = 60
