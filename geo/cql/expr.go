package cql

import (
	"slices"
	"strconv"
	"strings"
	"unicode"
)

// Expr is a filter that was read. It does not change.
type Expr struct {
	top *node
}

// op is what a node says of its field or of its parts.
type op uint8

const (
	and op = iota
	or
	not
	equal
	unequal
	less
	atMost
	more
	atLeast
	in
	between
	like
	isNull
)

// symbols of the comparisons.
var symbols = map[op]string{equal: "=", unequal: "<>", less: "<", atMost: "<=", more: ">", atLeast: ">="}

// node is a part of a filter: parts joined, or a field and the values it is held
// against. at is how many characters come before it.
type node struct {
	op     op
	at     int
	parts  []*node
	field  string
	values []literal
}

// literal is a value in a filter.
type literal struct {
	kind literalKind
	at   int
	text string // of a text, a date (2024-05-01) or a moment (wall clock of the city)
	num  float64
	yes  bool
}

type literalKind uint8

const (
	textLiteral literalKind = iota
	numberLiteral
	boolLiteral
	dateLiteral
	timeLiteral
)

// String is the filter in one canonical form: filters that differ only in
// spelling or in the order of AND, OR and IN have the same.
func (e *Expr) String() string { return e.top.String() }

// Fields are the fields that the filter names, each once, in order of their names.
func (e *Expr) Fields() []string {
	var names []string
	e.top.each(func(n *node) {
		if n.field != "" {
			names = append(names, n.field)
		}
	})
	slices.Sort(names)
	return slices.Compact(names)
}

func (n *node) each(visit func(*node)) {
	visit(n)
	for _, p := range n.parts {
		p.each(visit)
	}
}

func (n *node) String() string {
	switch n.op {
	case and, or:
		word := map[op]string{and: " AND ", or: " OR "}[n.op]
		var parts []string
		for _, p := range n.parts {
			s := p.String()
			if p.op == or {
				s = "(" + s + ")"
			}
			parts = append(parts, s)
		}
		return strings.Join(parts, word)
	case not:
		if p := n.parts[0]; p.op == and || p.op == or {
			return "NOT (" + p.String() + ")"
		}
		return "NOT " + n.parts[0].String()
	}
	field := identifier(n.field)
	switch n.op {
	case in:
		var values []string
		for _, v := range n.values {
			values = append(values, v.String())
		}
		return field + " IN (" + strings.Join(values, ", ") + ")"
	case between:
		return field + " BETWEEN " + n.values[0].String() + " AND " + n.values[1].String()
	case like:
		return field + " LIKE " + n.values[0].String()
	case isNull:
		return field + " IS NULL"
	default:
		return field + " " + symbols[n.op] + " " + n.values[0].String()
	}
}

func (l literal) String() string {
	switch l.kind {
	case numberLiteral:
		return strconv.FormatFloat(l.num, 'g', -1, 64)
	case boolLiteral:
		return strings.ToUpper(strconv.FormatBool(l.yes))
	case dateLiteral:
		return "DATE('" + l.text + "')"
	case timeLiteral:
		return "TIMESTAMP('" + l.text + cityZone + "')"
	default:
		return "'" + strings.ReplaceAll(l.text, "'", "''") + "'"
	}
}

// identifier is a name, in quotes where it has to be.
func identifier(name string) string {
	plain := name != "" && !reserved(name)
	for i, c := range name {
		plain = plain && (unicode.IsLetter(c) || c == '_' || i > 0 && (unicode.IsDigit(c) || unicode.IsMark(c)))
	}
	if plain {
		return name
	}
	return `"` + strings.ReplaceAll(name, `"`, `""`) + `"`
}

// reserved reports whether a name is a word of the language.
func reserved(name string) bool {
	return slices.Contains([]string{"AND", "OR", "NOT", "IN", "BETWEEN", "LIKE", "IS", "NULL", "TRUE", "FALSE", "DATE",
		"TIMESTAMP"}, strings.ToUpper(name))
}

// joined makes a canonical node of parts: those of the same kind are taken in,
// and they are sorted and there once.
func joined(o op, at int, parts []*node) *node {
	var flat []*node
	for _, p := range parts {
		if p.op == o {
			flat = append(flat, p.parts...)
		} else {
			flat = append(flat, p)
		}
	}
	slices.SortStableFunc(flat, func(a, b *node) int { return strings.Compare(a.String(), b.String()) })
	flat = slices.CompactFunc(flat, func(a, b *node) bool { return a.String() == b.String() })
	if len(flat) == 1 {
		return flat[0]
	}
	return &node{op: o, at: at, parts: flat}
}

// negated is the opposite, without a NOT of a NOT.
func negated(at int, n *node) *node {
	if n.op == not {
		return n.parts[0]
	}
	return &node{op: not, at: at, parts: []*node{n}}
}
