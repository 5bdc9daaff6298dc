package importer

import (
	"bytes"
	"errors"
	"strconv"
	"strings"
	"unicode/utf8"

	"yizhan/geo"
)

// Limits of one feature; the zero value of each stands for the default.
type Limits struct {
	FeatureBytes int // default 32 MiB
	Depth        int // arrays and objects within each other; default 100
	Vertices     int // default 2,000,000
	FieldBytes   int // default 1 MiB
}

func (l Limits) withDefaults() Limits {
	set := func(limit *int, standard int) {
		if *limit == 0 {
			*limit = standard
		}
	}
	set(&l.FeatureBytes, 32<<20)
	set(&l.Depth, 100)
	set(&l.Vertices, 2_000_000)
	set(&l.FieldBytes, 1<<20)
	return l
}

// flaw is a reason for rejection as an error inside the importer.
type flaw struct {
	reason Reason
	field  string
	value  string
	detail geo.Label
}

func (f *flaw) Error() string { return string(f.reason) }

// checker turns the attributes of a feature, given as text by any reader, into a
// row of the target. One goroutine uses it.
type checker struct {
	target  *Target
	limits  Limits
	names   map[string]place // by property name
	folded  map[string]int   // columns by name in lower case; -1 where two share it
	key     int              // the key column, -1 without one
	row     Row
	wrong   *flaw  // first found in the attributes of the row
	arena   []byte // text of the row
	present []bool // columns that some feature had
	unknown map[string]int64
	flat    int64
}

func newChecker(t *Target, limits Limits) *checker {
	c := &checker{target: t, limits: limits, names: map[string]place{}, folded: map[string]int{}, key: -1,
		present: make([]bool, len(t.Columns)), unknown: map[string]int64{}}
	c.row.values = make([]value, len(t.Columns))
	for i, column := range t.Columns {
		c.names[column.Name] = place{column.Name, i, true}
		lower := strings.ToLower(column.Name)
		if _, taken := c.folded[lower]; taken {
			i = -1
		}
		c.folded[lower] = i
		if column.Name == t.Layer.KeyColumn {
			c.key = i
		}
	}
	return c
}

// begin starts a row.
func (c *checker) begin(position, offset int64) {
	clear(c.row.values)
	c.arena, c.wrong = c.arena[:0], nil
	c.row.Position, c.row.Offset = position, offset
}

// mostNames bounds what is remembered of the names in a file.
const mostNames = 1000

// find is the column that a property fills: the one of that name, else the only
// one whose name differs in case alone.
func (c *checker) find(name []byte) place {
	if known, ok := c.names[string(name)]; ok {
		return known
	}
	to := place{string(name), -1, false}
	if i, ok := c.folded[strings.ToLower(to.name)]; ok {
		to.column = i
	}
	if len(c.names) < mostNames {
		c.names[to.name] = to
	}
	return to
}

// claim reports whether the property may fill its column, and that it stood there.
// Beside a property of the column's very name one in other case has no column.
func (c *checker) claim(to place) bool {
	v := &c.row.values[to.column]
	switch {
	case !v.present || to.exact && !v.exact:
		if v.present {
			c.leaveOut(to.name)
		}
		*v = value{present: true, exact: to.exact}
		return true
	case v.exact && !to.exact:
		c.leaveOut(to.name)
	default:
		c.mark(&flaw{reason: RepeatedField, field: c.target.Columns[to.column].Name})
	}
	return false
}

// leaveOut counts a property that the layer has no column for.
func (c *checker) leaveOut(name string) {
	if _, counted := c.unknown[name]; counted || len(c.unknown) < mostNames {
		c.unknown[name]++
	}
}

func (c *checker) mark(f *flaw) {
	if c.wrong == nil {
		c.wrong = f
	}
}

func (c *checker) setNull(to place) {
	if c.claim(to) {
		c.row.values[to.column].null = true
	}
}

// set gives a column its value from text; what is wrong with it is kept in wrong.
func (c *checker) set(to place, text []byte) {
	if !c.claim(to) {
		return
	}
	i, field := to.column, c.target.Columns[to.column].Name
	switch {
	case len(text) > c.limits.FieldBytes:
		c.mark(&flaw{reason: TooLarge, field: field, detail: label(strconv.Itoa(len(text))+" 字节", strconv.Itoa(len(text))+" bytes")})
		return
	case bytes.IndexByte(text, 0) >= 0 || !utf8.Valid(text):
		c.mark(&flaw{reason: BadText, field: field})
		return
	}
	if f := c.convert(i, c.hold(text)); f != nil {
		f.field = field
		if f.value == "" {
			f.value = clip(string(text))
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
			return &flaw{reason: MissingValue, field: c.target.Columns[i].Name}
		}
	}
	return nil
}

// reject makes the rejection of the row at hand. Of a personal layer neither key
// nor value nor anything drawn from them goes into it.
func (c *checker) reject(err error) *Rejection {
	one := &Rejection{Position: c.row.Position, Offset: c.row.Offset, Reason: BadJSON}
	var known *flaw
	if errors.As(err, &known) {
		one.Reason, one.Field, one.Value, one.Detail = known.reason, known.field, known.value, known.detail
	}
	if c.key >= 0 {
		one.Key = clip(c.keyText())
	}
	return one
}

// keyText is the row's key as text, empty where it has none.
func (c *checker) keyText() string {
	v := c.row.values[c.key]
	switch {
	case !v.present || v.null:
		return ""
	case c.target.Columns[c.key].Type == geo.Integer:
		return strconv.FormatInt(v.integer, 10)
	case v.text == nil && c.target.Columns[c.key].Type == geo.Number:
		return formatNumber(v.number)
	}
	return string(v.text)
}

// clip keeps a quoted value short.
func clip(s string) string {
	const longest = 60
	if len(s) > longest {
		return strings.ToValidUTF8(s[:longest], "") + "…"
	}
	return strings.ToValidUTF8(s, "�")
}
