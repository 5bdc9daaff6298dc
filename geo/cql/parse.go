package cql

import (
	"math"
	"slices"
	"strconv"
	"strings"
	"time"

	"yizhan/geo"
	"yizhan/internal/lang"
)

// Bounds of a filter, so that nobody can make drawing slow with one.
const (
	maxBytes  = 4096
	maxDepth  = 16
	maxNodes  = 200
	maxValues = 100 // of an IN
)

// cityZone is the offset of moments that are written without one: the city keeps
// Beijing time.
const cityZone = "+08:00"

// wallClock is how a moment is held: comparable as text.
const wallClock = "2006-01-02T15:04:05.999999"

// Parse reads a filter. The error is an [*Error].
func Parse(filter string) (*Expr, error) {
	if len(filter) > maxBytes {
		return nil, wrong(0, lang.Errorf("%d bytes long; a filter has at most %d", len(filter), maxBytes))
	}
	tokens, err := lex(filter)
	if err != nil {
		return nil, err
	}
	p := parser{tokens: tokens}
	top, err := p.either(0)
	if err != nil {
		return nil, err
	}
	if t := p.peek(); t.kind != end {
		return nil, wrong(t.at, lang.Errorf("unexpected %s after a complete filter; expected AND, OR or the end",
			t.shown()))
	}
	return &Expr{top: top}, nil
}

// parser reads tokens from the left.
type parser struct {
	tokens []token
	nodes  int
}

func (p *parser) peek() token { return p.tokens[0] }

func (p *parser) take() token {
	t := p.tokens[0]
	if t.kind != end {
		p.tokens = p.tokens[1:]
	}
	return t
}

func (p *parser) skip(s string) bool {
	if !p.peek().is(s) {
		return false
	}
	p.take()
	return true
}

func (p *parser) expect(s string, where lang.Label) error {
	if t := p.peek(); !p.skip(s) {
		return wrong(t.at, lang.Errorf("found %s; expected %s %s", t.shown(), s, where))
	}
	return nil
}

// either reads parts joined by OR.
func (p *parser) either(depth int) (*node, error) {
	return p.list(or, "OR", func() (*node, error) {
		return p.list(and, "AND", func() (*node, error) { return p.one(depth) })
	})
}

func (p *parser) list(o op, word string, read func() (*node, error)) (*node, error) {
	at := p.peek().at
	var parts []*node
	for {
		n, err := read()
		if err != nil {
			return nil, err
		}
		parts = append(parts, n)
		if !p.skip(word) {
			return joined(o, at, parts), nil
		}
	}
}

// one reads a NOT, a parenthesis or a predicate.
func (p *parser) one(depth int) (*node, error) {
	t := p.peek()
	if depth++; depth > maxDepth {
		return nil, wrong(t.at, lang.Errorf("nested more than %d deep", maxDepth))
	}
	if p.nodes++; p.nodes > maxNodes {
		return nil, wrong(t.at, lang.Errorf("more than %d parts", maxNodes))
	}
	if p.skip("NOT") {
		n, err := p.one(depth)
		if err != nil {
			return nil, err
		}
		return negated(t.at, n), nil
	}
	if p.skip("(") {
		n, err := p.either(depth)
		if err != nil {
			return nil, err
		}
		return n, p.expect(")", lang.Bothf("to close the one at character %d", t.at+1))
	}
	return p.predicate()
}

// predicate reads a field and what is said of it.
func (p *parser) predicate() (*node, error) {
	first := p.peek()
	if first.kind == text || first.kind == number || first.is("TRUE") || first.is("FALSE") || p.isMoment() {
		return p.turned()
	}
	field, err := p.field()
	if err != nil {
		return nil, err
	}
	n := &node{at: first.at, field: field}
	no := p.skip("NOT")
	verb := p.take()
	switch {
	case verb.is("IN"):
		err = p.inList(n)
	case verb.is("BETWEEN"):
		err = p.betweenTwo(n)
	case verb.is("LIKE"):
		n.op = like
		err = p.pattern(n)
	case no:
		return nil, wrong(verb.at, lang.Errorf("found %s after NOT; expected IN, BETWEEN or LIKE", verb.shown()))
	case verb.is("IS"):
		no, n.op = p.skip("NOT"), isNull
		err = p.expect("NULL", lang.Bothf("after %s", "IS"))
	default:
		var known bool
		if n.op, known = comparison(verb); !known {
			return nil, wrong(verb.at, lang.Errorf(
				"found %s after the field %s; expected =, <>, <, <=, >, >=, IN, BETWEEN, LIKE or IS NULL",
				verb.shown(), identifier(field)))
		}
		err = p.values(n, 1)
	}
	if err != nil {
		return nil, err
	}
	if no {
		return negated(first.at, n), nil
	}
	return n, nil
}

// turned reads a comparison whose value comes first.
func (p *parser) turned() (*node, error) {
	n := &node{at: p.peek().at}
	if err := p.values(n, 1); err != nil {
		return nil, err
	}
	verb := p.take()
	o, known := comparison(verb)
	if !known {
		return nil, wrong(verb.at, lang.Errorf("found %s after a value; expected =, <>, <, <=, > or >= and a field",
			verb.shown()))
	}
	n.op = map[op]op{equal: equal, unequal: unequal, less: more, atMost: atLeast, more: less, atLeast: atMost}[o]
	var err error
	n.field, err = p.field()
	return n, err
}

func comparison(t token) (op, bool) {
	for o, s := range symbols {
		if t.kind == symbol && t.text == s {
			return o, true
		}
	}
	return 0, false
}

func (p *parser) field() (string, error) {
	t := p.take()
	if t.kind != word && t.kind != quoted || t.kind == word && reserved(t.text) || t.text == "" {
		return "", wrong(t.at, lang.Errorf("found %s; expected a field name", t.shown()))
	}
	if p.peek().is("(") {
		return "", wrong(t.at, lang.Errorf("%s looks like a function call; functions are not supported", t.shown()))
	}
	return t.text, nil
}

func (p *parser) inList(n *node) error {
	n.op = in
	if err := p.expect("(", lang.Bothf("after %s", "IN")); err != nil {
		return err
	}
	for {
		if len(n.values) == maxValues {
			return wrong(p.peek().at, lang.Errorf("more than %d values in IN", maxValues))
		}
		if err := p.values(n, 1); err != nil {
			return err
		}
		if !p.skip(",") {
			break
		}
	}
	slices.SortStableFunc(n.values, func(a, b literal) int { return strings.Compare(a.String(), b.String()) })
	n.values = slices.CompactFunc(n.values, func(a, b literal) bool { return a.String() == b.String() })
	return p.expect(")", lang.Bothf("after the values of IN"))
}

func (p *parser) betweenTwo(n *node) error {
	n.op = between
	if err := p.values(n, 1); err != nil {
		return err
	}
	if err := p.expect("AND", lang.Bothf("between the bounds of BETWEEN")); err != nil {
		return err
	}
	return p.values(n, 1)
}

func (p *parser) pattern(n *node) error {
	if t := p.peek(); t.kind != text {
		return wrong(t.at, lang.Errorf("found %s after LIKE; expected a pattern such as 'A%%'", t.shown()))
	}
	return p.values(n, 1)
}

// isMoment reports whether DATE( or TIMESTAMP( comes.
func (p *parser) isMoment() bool {
	return (p.peek().is("DATE") || p.peek().is("TIMESTAMP")) && len(p.tokens) > 1 && p.tokens[1].is("(")
}

// values reads so many values.
func (p *parser) values(n *node, count int) error {
	for range count {
		if p.isMoment() {
			l, err := p.moment()
			if err != nil {
				return err
			}
			n.values = append(n.values, l)
			continue
		}
		t := p.take()
		l := literal{at: t.at, text: t.text}
		switch {
		case t.kind == text:
		case t.kind == number:
			v, err := strconv.ParseFloat(t.text, 64)
			if err != nil || math.IsInf(v, 0) {
				return wrong(t.at, lang.Errorf("%s is not a number", t.shown()))
			}
			l.kind, l.num, l.text = numberLiteral, v+0, ""
			if v == 0 {
				l.num = 0 // not the negative one
			}
		case t.is("TRUE"), t.is("FALSE"):
			l.kind, l.yes, l.text = boolLiteral, t.is("TRUE"), ""
		case t.is("NULL"):
			return wrong(t.at, lang.Errorf("nothing equals NULL; write IS NULL or IS NOT NULL"))
		default:
			return wrong(t.at, lang.Errorf("found %s; expected a value: "+
				"a 'text', a number, TRUE, FALSE, DATE('2024-05-01') or TIMESTAMP('…')", t.shown()))
		}
		n.values = append(n.values, l)
	}
	return nil
}

// moment reads DATE('…') or TIMESTAMP('…').
func (p *parser) moment() (literal, error) {
	name := p.take()
	p.take() // the parenthesis
	t := p.take()
	if t.kind != text {
		return literal{}, wrong(t.at, lang.Errorf("found %s; expected a text within %s( )",
			t.shown(), strings.ToUpper(name.text)))
	}
	l := literal{kind: dateLiteral, at: name.at, text: t.text}
	if name.is("TIMESTAMP") {
		l.kind = timeLiteral
		moment, ok := parseMoment(t.text)
		if !ok {
			return l, wrong(t.at, lang.Errorf("%s is not a valid time; write 2024-05-01T08:00:00Z, or with an offset",
				t.shown()))
		}
		l.text = moment
	} else if _, err := time.Parse(time.DateOnly, t.text); err != nil {
		return l, wrong(t.at, lang.Errorf("%s is not a valid date; write 2024-05-01", t.shown()))
	}
	return l, p.expect(")", lang.Bothf("after the text"))
}

// parseMoment reads a moment (RFC 3339, or without an offset as the city's clock
// shows it) as the city's wall clock.
func parseMoment(s string) (string, bool) {
	zone := geo.CityTime()
	if t, err := time.Parse(time.RFC3339Nano, s); err == nil {
		if t = t.In(zone); t.Year() >= 0 && t.Year() <= 9999 {
			return t.Format(wallClock), true
		}
		return "", false
	}
	if t, err := time.ParseInLocation("2006-01-02T15:04:05.999999999", s, zone); err == nil {
		return t.Format(wallClock), true
	}
	return "", false
}
