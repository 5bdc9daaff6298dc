package cql

import (
	"cmp"
	"strings"

	"yizhan/geo"
	"yizhan/geo/index"
)

func truthOf(b bool) truth {
	if b {
		return sure
	}
	return untrue
}

// holds is what the part says of a value.
func (n *node) holds(values *index.Values, kind geo.FieldType, r index.Ref) truth {
	null := values.Kind(r) == index.NullValue
	if n.op == isNull {
		return truthOf(null)
	}
	if null {
		return unknown
	}
	compare := func(i int) int { return n.values[i].compare(values, kind, r) }
	switch n.op {
	case equal:
		return truthOf(compare(0) == 0)
	case unequal:
		return truthOf(compare(0) != 0)
	case less:
		return truthOf(compare(0) < 0)
	case atMost:
		return truthOf(compare(0) <= 0)
	case more:
		return truthOf(compare(0) > 0)
	case atLeast:
		return truthOf(compare(0) >= 0)
	case between:
		return truthOf(compare(0) >= 0 && compare(1) <= 0)
	case like:
		return truthOf(matches([]rune(n.values[0].text), []rune(string(values.Text(r)))))
	default: // in
		for i := range n.values {
			if compare(i) == 0 {
				return sure
			}
		}
		return untrue
	}
}

// compare is below zero where a value comes before the literal. Texts are compared
// byte by byte, times as the city's clock shows them; a date stands for its whole day.
func (l literal) compare(values *index.Values, kind geo.FieldType, r index.Ref) int {
	switch values.Kind(r) {
	case index.IntValue:
		return compareInt(values.Int(r), l.num)
	case index.FloatValue:
		return cmp.Compare(values.Float(r), l.num)
	case index.BoolValue:
		if values.Bool(r) == l.yes {
			return 0
		}
		return 1
	}
	text := string(values.Text(r))
	if kind == geo.Time {
		if moment, ok := parseMoment(text); ok {
			text = moment
		}
		if l.kind == dateLiteral {
			text = text[:min(len(text), len(l.text))]
		}
	}
	return strings.Compare(text, l.text)
}

// compareInt compares without losing the digits that a float has not.
func compareInt(n int64, f float64) int {
	switch {
	case f >= 1<<63:
		return -1
	case f < -1<<63:
		return 1
	}
	whole := int64(f)
	if n != whole {
		return cmp.Compare(n, whole)
	}
	return cmp.Compare(float64(whole), f)
}

// matches reports whether a text is of a pattern: % stands for any characters, _
// for one, and a backslash takes the next as it is (CQL2, 7.5). Its time is at
// most that of pattern times text.
func matches(pattern, text []rune) bool {
	star, resume := -1, 0
	i, j := 0, 0
	for j < len(text) {
		width, same := 1, false
		if i < len(pattern) {
			switch pattern[i] {
			case '%':
				star, resume = i, j
				i++
				continue
			case '_':
				same = true
			case '\\':
				if i+1 < len(pattern) {
					width, same = 2, pattern[i+1] == text[j]
					break
				}
				same = text[j] == '\\'
			default:
				same = pattern[i] == text[j]
			}
		}
		switch {
		case same:
			i, j = i+width, j+1
		case star >= 0:
			resume++
			i, j = star+1, resume
		default:
			return false
		}
	}
	for i < len(pattern) && pattern[i] == '%' {
		i++
	}
	return i == len(pattern)
}
