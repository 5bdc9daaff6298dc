package importer

import (
	"regexp"
	"strconv"
	"time"

	"yizhan/geo"
	"yizhan/importer/record"
	"yizhan/internal/lang"
)

// Spellings of days and of moments, the usual ones first.
var (
	dayLayouts    = []string{"2006-01-02", "20060102", "2006/01/02", "2006/1/2", "2006-1-2", "2006.01.02", "2006年1月2日"}
	momentLayouts = []string{time.RFC3339Nano, "2006-01-02T15:04:05", time.DateTime,
		"2006-01-02 15:04:05Z07:00", "2006-01-02 15:04:05Z07",
		"2006-01-02 15:04", "2006/01/02 15:04:05", "2006/1/2 15:04", time.DateOnly}
)

// setDay accepts a day, or a moment, whose day is used as written.
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
		return notDate(text)
	}
	v.integer = time.Date(t.Year(), t.Month(), t.Day(), 0, 0, 0, 0, time.UTC).Unix() / 86400
	return nil
}

// isoDay reads the usual spelling, 2021-06-30.
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

// setMoment accepts RFC 3339 and the usual spellings.
func (v *value) setMoment(text []byte) *flaw {
	t, ok := parseTime(text, momentLayouts)
	if !ok {
		return notMoment(text)
	}
	_, ahead := t.Zone()
	v.integer, v.offset = t.UnixMicro(), int32(ahead)
	return nil
}

// dated matches what is written like a date, whether or not the calendar has that day.
var dated = regexp.MustCompile(`^([0-9]{4})[-/.年]([0-9]{1,2})[-/.月]([0-9]{1,2})|^([0-9]{4})([0-9]{2})([0-9]{2})$`)

// hour matches the time of day behind a date.
var hour = regexp.MustCompile(`[T ]([0-9]{1,2}):([0-9]{2})(?::([0-9]{2}))?`)

// notDate is the flaw of a text that is not a date, or one that the calendar lacks.
func notDate(text []byte) *flaw {
	day, impossible := dayOf(text)
	switch {
	case impossible:
		return &flaw{reason: record.ImpossibleDate}
	case day != "":
		return &flaw{reason: record.WrongType, quotes: true,
			detail: func() lang.Label { return lang.Bothf("unrecognised date format; write %s", day) }}
	}
	return wrongType(func() lang.Label {
		return lang.Bothf("unrecognised date format; write it like %s", "2021-06-30")
	})
}

// notMoment is the same for a date with a time of day.
func notMoment(text []byte) *flaw {
	if _, impossible := dayOf(text); impossible {
		return &flaw{reason: record.ImpossibleDate}
	}
	for i, part := range hour.FindSubmatch(text) {
		most := [...]int{0, 23, 59, 60}
		if n, err := strconv.Atoi(string(part)); i > 0 && err == nil && n > most[i] {
			return &flaw{reason: record.ImpossibleDate,
				detail: func() lang.Label { return lang.Bothf("no such time of day") }}
		}
	}
	return wrongType(func() lang.Label {
		return lang.Bothf("unrecognised time format; write it like %s", "2021-06-30T08:00:00+08:00")
	})
}

// dayOf is the day that a text seems to name, as ISO 8601 writes it; impossible when the
// calendar lacks that day.
func dayOf(text []byte) (iso string, impossible bool) {
	match := dated.FindSubmatch(text)
	if match == nil {
		return "", false
	}
	parts := match[1:4]
	if len(parts[0]) == 0 {
		parts = match[4:7]
	}
	var n [3]int
	for i, part := range parts {
		n[i], _ = strconv.Atoi(string(part)) // digits
	}
	t := time.Date(n[0], time.Month(n[1]), n[2], 0, 0, 0, 0, time.UTC)
	if n[0] == 0 || t.Day() != n[2] || int(t.Month()) != n[1] {
		return "", true
	}
	return t.Format(time.DateOnly), false
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
