package importer

import (
	"bytes"
	"math"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"

	"golang.org/x/text/width"

	"yizhan/geo"
	"yizhan/internal/lang"
)

// convert reads the text of a value as the column's type and checks it against
// the column's list and bounds. A number in quotes is a number; empty text is no
// value, except in a text column. What cannot be read as it stands is read once
// more with its full-width characters narrowed and its separators dropped.
func (c *checker) convert(i int, text []byte) *flaw {
	column, v := &c.target.Columns[i], &c.row.values[i]
	trimmed := bytes.TrimSpace(text)
	if len(trimmed) == 0 && (column.Type != geo.Text || i == c.key || len(column.Categories) > 0 || len(column.Values) > 0) {
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

// read reads the text of a value that is no text.
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
		n := strconv.Itoa(column.MaxLength)
		return wrongType("最多 "+n+" 个字", "at most "+n+" characters")
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
// thousands separators dropped; notes say which was done.
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

func wrongType(zh, en string) *flaw {
	return &flaw{reason: WrongType, detail: label("应为："+zh, "wanted: "+en)}
}

func (v *value) setInteger(c *Column, text []byte) *flaw {
	least, most := c.Least, c.Most
	if least == 0 && most == 0 {
		least, most = math.MinInt64, math.MaxInt64
	}
	n, ok := wholeNumber(text)
	if !ok || n < least || n > most {
		if c.Least == 0 && c.Most == 0 {
			return wrongType("整数", "a whole number")
		}
		a, b := strconv.FormatInt(least, 10), strconv.FormatInt(most, 10)
		return wrongType(a+" 至 "+b+" 的整数", "a whole number from "+a+" to "+b)
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
		return wrongType("数字", "a number")
	case c.Limit > 0 && math.Abs(n) >= c.Limit:
		return wrongType("绝对值小于 "+formatNumber(c.Limit)+" 的数字", "a number between ±"+formatNumber(c.Limit))
	}
	v.number = n
	if c.Exact {
		v.text = text
	}
	return nil
}

// setBoolean takes the words that survey files have for yes and no.
func (v *value) setBoolean(text []byte) *flaw {
	switch strings.ToLower(string(text)) {
	case "true", "t", "yes", "y", "1", "是", "有":
		v.boolean = true
	case "false", "f", "no", "n", "0", "否", "无":
		v.boolean = false
	default:
		return wrongType("true 或 false（是/否）", "true or false")
	}
	return nil
}

// Spellings of days and of moments, the usual ones first.
var (
	dayLayouts    = []string{"2006-01-02", "20060102", "2006/01/02", "2006/1/2", "2006-1-2", "2006.01.02", "2006年1月2日"}
	momentLayouts = []string{time.RFC3339Nano, "2006-01-02T15:04:05", time.DateTime, "2006-01-02 15:04:05Z07:00", "2006-01-02 15:04:05Z07",
		"2006-01-02 15:04", "2006/01/02 15:04:05", "2006/1/2 15:04", time.DateOnly}
)

// setDay takes a day, or a moment of which the day is used as it is written.
func (v *value) setDay(text []byte) *flaw {
	if day, ok := isoDay(text); ok {
		v.integer = day
		return nil
	}
	first, second := dayLayouts, momentLayouts
	if len(text) > len(time.DateOnly) {
		first, second = second, first
	}
	t, ok := parseTime(text, first)
	if !ok {
		t, ok = parseTime(text, second)
	}
	if !ok {
		return noDate(text, "日期，如 2021-06-30", "a date such as 2021-06-30")
	}
	v.integer = time.Date(t.Year(), t.Month(), t.Day(), 0, 0, 0, 0, time.UTC).Unix() / 86400
	return nil
}

// isoDay reads the usual spelling, 2021-06-30, without further ado.
func isoDay(text []byte) (day int64, ok bool) {
	if len(text) != len(time.DateOnly) || text[4] != '-' || text[7] != '-' {
		return 0, false
	}
	var n [8]int
	for i, at := range [...]int{0, 1, 2, 3, 5, 6, 8, 9} {
		if n[i] = int(text[at]) - '0'; n[i] < 0 || n[i] > 9 {
			return 0, false
		}
	}
	y, m, d := n[0]*1000+n[1]*100+n[2]*10+n[3], n[4]*10+n[5], n[6]*10+n[7]
	t := time.Date(y, time.Month(m), d, 0, 0, 0, 0, time.UTC)
	return t.Unix() / 86400, y > 0 && t.Day() == d && int(t.Month()) == m
}

// setMoment takes RFC 3339 and the usual spellings.
func (v *value) setMoment(text []byte) *flaw {
	t, ok := parseTime(text, momentLayouts)
	if !ok {
		return noDate(text, "时间，如 2021-06-30T08:00:00+08:00", "a time such as 2021-06-30T08:00:00+08:00")
	}
	_, ahead := t.Zone()
	v.integer, v.offset = t.UnixMicro(), int32(ahead)
	return nil
}

// dated matches what is written like a date, whether there is such a day or not.
var dated = regexp.MustCompile(`^[0-9]{4}(-[0-9]{1,2}-|/[0-9]{1,2}/|\.[0-9]{1,2}\.|年[0-9]{1,2}月)[0-9]{1,2}|^[0-9]{8}$`)

// noDate is the flaw of a text that is no date, or one that the calendar does not have.
func noDate(text []byte, zh, en string) *flaw {
	if dated.Match(text) {
		return &flaw{reason: ImpossibleDate, detail: label("历法中没有这一天或这一刻", "the calendar has no such day, or the day no such hour")}
	}
	return wrongType(zh, en)
}

// parseTime reads text by the first layout that fits. Years are 1 to 9999.
func parseTime(text []byte, layouts []string) (time.Time, bool) {
	for _, layout := range layouts {
		if t, err := time.ParseInLocation(layout, string(text), geo.CityTime()); err == nil {
			return t, t.Year() > 0
		}
	}
	return time.Time{}, false
}

// listed checks a value against the field's list, where it has one.
func listed(c *Column, text []byte) *flaw {
	if len(c.Values) > 0 && !slices.Contains(c.Values, string(text)) {
		return &flaw{reason: NotListed, detail: among(c.Values, c.Values)}
	}
	if len(c.Categories) == 0 {
		return nil
	}
	for _, category := range c.Categories {
		if category.Value == string(text) {
			return nil
		}
	}
	zh, en := make([]string, len(c.Categories)), make([]string, len(c.Categories))
	for j, category := range c.Categories {
		zh[j], en[j] = category.Value, category.Value
		if category.ZH != "" && category.ZH != category.Value {
			zh[j] += "（" + category.ZH + "）"
		}
		if category.EN != "" && !strings.EqualFold(category.EN, category.Value) {
			en[j] += " (" + category.EN + ")"
		}
	}
	return &flaw{reason: NotListed, detail: among(zh, en)}
}

// among lists at most twelve values.
func among(zh, en []string) lang.Label {
	const most = 12
	if len(zh) > most {
		zh, en = append(slices.Clone(zh[:most]), "…"), append(slices.Clone(en[:most]), "…")
	}
	return label("应为："+strings.Join(zh, "、"), "wanted: one of "+strings.Join(en, ", "))
}
