package importer

import (
	"fmt"
	"math"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"

	"yizhan/geo"
)

// convert reads the text of a value as the column's type and checks it against
// the column's list and bounds. Empty text is no value, except in a text column.
func (p *parser) convert(i int, v *value, text []byte) error {
	c := &p.target.Columns[i]
	trimmed := strings.TrimSpace(string(text))
	if trimmed == "" && (c.Type != geo.Text || i == p.key) {
		v.null = true
		return nil
	}
	refuse := func(detail string) error { return &refusal{flaw{WrongType, detail}, i, string(text)} }
	switch c.Type {
	case geo.Integer:
		n, err := wholeNumber(trimmed)
		least, most := c.Least, c.Most
		if least == 0 && most == 0 {
			least, most = math.MinInt64, math.MaxInt64
		}
		if err != nil || n < least || n > most {
			return refuse(fmt.Sprintf("a whole number from %d to %d", least, most))
		}
		v.integer = n
	case geo.Number:
		n, err := strconv.ParseFloat(trimmed, 64)
		if err != nil || math.IsInf(n, 0) || math.IsNaN(n) {
			return refuse("a number")
		}
		v.number = n
	case geo.Boolean:
		b, err := strconv.ParseBool(strings.ToLower(trimmed))
		if err != nil {
			return refuse("true or false")
		}
		v.boolean = b
	case geo.Date:
		day, err := date(trimmed)
		if err != nil {
			return refuse("a date such as 2021-06-30")
		}
		v.text = p.hold(day.AppendFormat(nil, time.DateOnly))
	case geo.Time:
		moment, err := moment(trimmed)
		if err != nil {
			return refuse("a time such as 2021-06-30T08:00:00+08:00")
		}
		v.text = p.hold(moment.AppendFormat(nil, time.RFC3339Nano))
	default:
		v.text = text
		if c.MaxLength > 0 && utf8.RuneCount(text) > c.MaxLength {
			return refuse(fmt.Sprintf("at most %d characters", c.MaxLength))
		}
	}
	return p.listed(i, text)
}

// wholeNumber accepts 12 and 12.0.
func wholeNumber(s string) (int64, error) {
	if n, err := strconv.ParseInt(s, 10, 64); err == nil {
		return n, nil
	}
	f, err := strconv.ParseFloat(s, 64)
	if err != nil || f != math.Trunc(f) || math.Abs(f) >= 1<<53 {
		return 0, strconv.ErrSyntax
	}
	return int64(f), nil
}

// date takes a day, or a moment of which the day is used as it is written.
func date(s string) (time.Time, error) {
	for _, layout := range []string{time.DateOnly, "20060102", "2006/01/02", "2006/1/2"} {
		if t, err := time.Parse(layout, s); err == nil {
			return t, nil
		}
	}
	return moment(s)
}

// moment takes RFC 3339 and the usual spellings; without an offset it is time of
// China (UTC+8, no daylight saving since 1991).
func moment(s string) (time.Time, error) {
	if t, err := time.Parse(time.RFC3339Nano, s); err == nil {
		return t, nil
	}
	china := time.FixedZone("CST", 8*3600)
	var last error
	for _, layout := range []string{"2006-01-02T15:04:05", time.DateTime, "2006-01-02 15:04", "2006/01/02 15:04:05", time.DateOnly} {
		t, err := time.ParseInLocation(layout, s, china)
		if err == nil {
			return t, nil
		}
		last = err
	}
	return time.Time{}, last
}

// listed checks a value against the field's list, where it has one.
func (p *parser) listed(i int, text []byte) error {
	list := p.target.Columns[i].Categories
	if len(list) == 0 {
		return nil
	}
	for _, c := range list {
		if c.Value == string(text) {
			return nil
		}
	}
	values := make([]string, len(list))
	for j, c := range list {
		values[j] = c.Value
	}
	return &refusal{flaw{NotListed, "one of " + strings.Join(values, ", ")}, i, string(text)}
}

func formatPlace(p [2]float64) string {
	return strconv.FormatFloat(p[0], 'f', -1, 64) + ", " + strconv.FormatFloat(p[1], 'f', -1, 64)
}
