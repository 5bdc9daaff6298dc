package importer

import (
	"bytes"
	"math"
	"regexp"
	"strconv"
	"strings"
	"unicode/utf8"

	"golang.org/x/text/width"

	"yizhan/geo"
	"yizhan/importer/record"
	"yizhan/internal/lang"
)

// convert reads the text of a value as the column's type and checks it against
// the column's list and bounds. A number in quotes is a number; empty text is no
// value, except in a text column. What cannot be read as written is read again
// with its full-width characters narrowed and its separators dropped.
func (c *checker) convert(i int, text []byte) *flaw {
	column, v := &c.target.Columns[i], &c.row.values[i]
	trimmed := bytes.TrimSpace(text)
	listed := len(column.Categories) > 0 || len(column.Values) > 0
	if len(trimmed) == 0 && (column.Type != geo.Text || i == c.key || listed) {
		v.null = true
		return nil
	}
	if column.Type == geo.Text {
		return c.setText(i, text)
	}
	bad := v.read(column, trimmed)
	if bad == nil {
		return nil
	}
	plain, notes := c.plain(trimmed, column.Type)
	if len(notes) == 0 || len(plain) == 0 || v.read(column, plain) != nil {
		return bad
	}
	for _, kind := range notes {
		c.notes[note{kind, i}]++
	}
	return nil
}

// read reads the text of a value of any type but text.
func (v *value) read(column *Column, text []byte) *flaw {
	switch column.Type {
	case geo.Integer:
		return v.setInteger(column, text)
	case geo.Number:
		return v.setNumber(column, text)
	case geo.Boolean:
		return v.setBoolean(text)
	case geo.Date:
		return v.setDay(text)
	}
	return v.setMoment(text)
}

// setText gives a text column its value; a label of the column's list stands for its value.
func (c *checker) setText(i int, text []byte) *flaw {
	column, v := &c.target.Columns[i], &c.row.values[i]
	v.text = text
	if column.MaxLength > 0 && utf8.RuneCount(text) > column.MaxLength {
		return isWrong(func() lang.Label { return lang.Bothf("longer than %d characters", column.MaxLength) })
	}
	bad := listed(column, text)
	if bad == nil || len(column.Categories) == 0 {
		return bad
	}
	wanted := fold(string(text))
	for _, category := range column.Categories {
		if category.Named(wanted, fold) {
			v.text = c.hold([]byte(category.Value))
			c.notes[note{labelTaken, i}]++
			return nil
		}
	}
	return bad
}

// plain is a text with its full-width characters narrowed and, for a number, its
// thousands separators dropped; notes say which of these applied.
func (c *checker) plain(text []byte, t geo.FieldType) (plain []byte, notes []noteKind) {
	plain = text
	if narrow := width.Narrow.Bytes(text); !bytes.Equal(narrow, text) {
		plain, notes = bytes.TrimSpace(narrow), append(notes, widthNarrowed)
	}
	if t != geo.Integer && t != geo.Number {
		return c.hold(plain), notes
	}
	if separated.Match(plain) {
		plain, notes = bytes.ReplaceAll(plain, []byte(","), nil), append(notes, separatorsDropped)
	}
	return c.hold(plain), notes
}

// separated matches numbers with a comma at every thousand.
var separated = regexp.MustCompile(`^[+-]?[0-9]{1,3}(,[0-9]{3})+(\.[0-9]+)?$`)

// isWrong is the flaw of a value that is what the predicate says.
func isWrong(predicate func() lang.Label) *flaw {
	return &flaw{reason: record.WrongType, detail: predicate, predicate: true}
}

// wrongType is the flaw of a value of another type; detail says what is expected.
func wrongType(detail func() lang.Label) *flaw {
	return &flaw{reason: record.WrongType, detail: detail}
}

func (v *value) setInteger(c *Column, text []byte) *flaw {
	least, most := c.Least, c.Most
	if least == 0 && most == 0 {
		least, most = math.MinInt64, math.MaxInt64
	}
	n, ok := wholeNumber(text)
	switch {
	case !ok:
		return isWrong(func() lang.Label { return lang.Bothf("not a whole number") })
	case n < least:
		return isWrong(func() lang.Label { return lang.Bothf("too small; must be at least %d", least) })
	case n > most:
		return isWrong(func() lang.Label { return lang.Bothf("too large; must be at most %d", most) })
	}
	v.integer = n
	return nil
}

// wholeNumber accepts 12, 12.0 and 1.2e1, as long as nothing is rounded.
func wholeNumber(text []byte) (int64, bool) {
	if n, err := strconv.ParseInt(string(text), 10, 64); err == nil {
		return n, true
	}
	f, ok := decimal(text)
	if !ok || f != math.Trunc(f) || math.Abs(f) >= 1<<53 {
		return 0, false
	}
	return int64(f), true
}

// decimal reads a number in the usual notation; not NaN, Inf or hexadecimal.
func decimal(text []byte) (float64, bool) {
	for _, b := range text {
		if (b < '0' || b > '9') && b != '.' && b != '-' && b != '+' && b != 'e' && b != 'E' {
			return 0, false
		}
	}
	f, err := strconv.ParseFloat(string(text), 64)
	return f, err == nil && !math.IsInf(f, 0)
}

func (v *value) setNumber(c *Column, text []byte) *flaw {
	n, ok := decimal(text)
	switch {
	case !ok:
		return isWrong(func() lang.Label { return lang.Bothf("not a number") })
	case c.Limit > 0 && math.Abs(n) >= c.Limit:
		return wrongType(func() lang.Label { return lang.Bothf("must be between ±%s", formatNumber(c.Limit)) })
	}
	v.number = n
	if c.Exact {
		v.text = text
	}
	return nil
}

// setBoolean accepts the spellings of yes and no in survey files.
func (v *value) setBoolean(text []byte) *flaw {
	switch strings.ToLower(string(text)) {
	case "true", "t", "yes", "y", "1", "是", "有":
		v.boolean = true
	case "false", "f", "no", "n", "0", "否", "无":
		v.boolean = false
	default:
		return wrongType(func() lang.Label { return lang.Bothf("must be true or false") })
	}
	return nil
}
