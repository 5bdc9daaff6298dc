package lang

import (
	"strconv"
	"strings"
	"unicode/utf8"
)

// Clip keeps a value that a text quotes to its first characters. Invalid UTF-8
// becomes U+FFFD.
func Clip(value string, most int) string {
	for i := range value {
		if most--; most < 0 {
			return strings.ToValidUTF8(value[:i], "\uFFFD") + "…"
		}
	}
	return strings.ToValidUTF8(value, "\uFFFD")
}

// Quoted is a value in the language's quotation marks.
func Quoted(value string) Label {
	if !utf8.ValidString(value) {
		value = strings.ToValidUTF8(value, "\uFFFD")
	}
	return Bothf("%q", value)
}

// Thousands writes 12345 as 12,345.
func Thousands(n int64) string {
	s := strconv.FormatInt(n, 10)
	for at := len(s) - 3; at > 0 && s[at-1] != '-'; at -= 3 {
		s = s[:at] + "," + s[at:]
	}
	return s
}

// Range is from low to high in words; one value when they are the same.
func Range(low, high string) Label {
	if low == high {
		return Label{ZH: low, EN: low}
	}
	return Bothf("%s to %s", low, high)
}

// Labels are several things in one text, as [List] is.
type Labels []Label

// In joins the labels as the language does.
func (l Labels) In(t Tag) string {
	list := make(List, len(l))
	for i, label := range l {
		list[i] = label.In(t)
	}
	return list.In(t)
}

func (l Labels) String() string { return l.In(English) }

// Clauses are statements about one thing: "a; b", and in Chinese “a；b”. Empty ones are
// left out.
type Clauses []Label

// In joins the statements as the language does.
func (c Clauses) In(t Tag) string {
	var said []string
	for _, one := range c {
		if text := one.In(t); text != "" {
			said = append(said, text)
		}
	}
	return strings.Join(said, t.pattern("; "))
}

func (c Clauses) String() string { return c.In(English) }

// Label is the statements in both languages.
func (c Clauses) Label() Label { return Label{ZH: c.In(Chinese), EN: c.In(English)} }
