package xlsx

import (
	"math"
	"strings"
	"time"
)

// dateForm is what the number format of a cell makes of a number.
type dateForm uint8

// A number stays one, or it is a day, a day with a time, or a time of the day.
const (
	noDate dateForm = iota
	day
	moment
	clock
)

// builtInDate knows the formats that have a number and no code (ECMA-376-1,
// 18.8.30, with those of Chinese workbooks).
func builtInDate(id int) dateForm {
	switch {
	case id >= 14 && id <= 17, id >= 27 && id <= 31, id == 36, id >= 50 && id <= 54, id == 57, id == 58:
		return day
	case id == 22:
		return moment
	case id >= 18 && id <= 21, id >= 32 && id <= 35, id == 45, id == 47, id == 55, id == 56:
		return clock
	}
	return noDate
}

// dateFormOf reads a number format such as yyyy"年"m"月"d"日" (ECMA-376-1, 18.8.31).
// A length of time, [h]:mm, stays a number.
func dateFormOf(code string) dateForm {
	var days, hours, months, digits bool
	for at := 0; at < len(code); at++ {
		switch c := code[at] | 0x20; {
		case code[at] == ';':
			at = len(code)
		case code[at] == '"':
			at += 1 + max(0, strings.IndexByte(code[at+1:], '"'))
		case code[at] == '\\' || code[at] == '_' || code[at] == '*':
			at++
		case code[at] == '[':
			end := max(0, strings.IndexByte(code[at:], ']'))
			if inner := strings.ToLower(code[at : at+end]); end > 0 && strings.Trim(inner[1:], "hms") == "" {
				return noDate
			}
			at += end
		case c == 'y' || c == 'd' || c == 'b':
			days = true
		case c == 'h' || c == 's':
			hours = true
		case c == 'm':
			months = true
		case code[at] == '0' || code[at] == '#' || code[at] == '?':
			digits = true
		case c == 'g' && strings.HasPrefix(strings.ToLower(code[at:]), "general"):
			return noDate
		}
	}
	switch {
	case days && hours:
		return moment
	case hours:
		return clock
	case days, months && !digits:
		return day
	}
	return noDate
}

// dateOf writes a serial number as 2021-06-30, 2021-06-30 08:00:00 or 08:00:00
// (ECMA-376-1, 18.17.4); "" where it is none. Seconds are rounded. In the system
// of 1900 there is a 29th of February, number 60, which never was.
func dateOf(serial float64, form dateForm, from1904 bool) string {
	const last = 2958466 // behind 9999-12-31 in the system of 1900
	if math.IsNaN(serial) || serial < 0 || serial >= last {
		return ""
	}
	const perDay = 24 * 60 * 60
	seconds := int64(math.Round(serial * perDay))
	days, rest := int(seconds/perDay), seconds%perDay
	timed := time.Unix(rest, 0).UTC().Format(time.TimeOnly)
	if form == clock && days == 0 {
		return timed
	}
	origin := time.Date(1899, 12, 30, 0, 0, 0, 0, time.UTC)
	switch {
	case from1904:
		origin = time.Date(1904, 1, 1, 0, 0, 0, 0, time.UTC)
	case days == 0:
		return ""
	case days < 60:
		days++
	}
	text := origin.AddDate(0, 0, days).Format(time.DateOnly)
	if !from1904 && days == 60 && serial >= 60 {
		text = "1900-02-29"
	}
	if form != day && rest != 0 {
		text += " " + timed
	}
	return text
}
