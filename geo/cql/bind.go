package cql

import (
	"strings"

	"yizhan/geo"
)

// Filter is a filter of one layer's features. It serves one goroutine at a time:
// it remembers what it has found of each value.
type Filter struct {
	top    *node
	values *geo.Values
	leaves map[*node]*leaf
}

// leaf is a part that looks at a field: what it holds of each value, once known.
type leaf struct {
	field int
	kind  geo.FieldType
	known []truth // by Ref; 0 is not known yet
}

// truth is of SQL's three values.
type truth uint8

const (
	unknown truth = iota + 1
	untrue
	sure
)

// Bind makes the filter one of a layer's features, whose values are those given.
// The error is an [*Error]: a field that the layer lacks, or a value of another type.
func (e *Expr) Bind(layer *geo.Layer, values *geo.Values) (*Filter, error) {
	f := &Filter{top: e.top, values: values, leaves: map[*node]*leaf{}}
	var fault error
	e.top.each(func(n *node) {
		if n.field == "" || fault != nil {
			return
		}
		at, field, found := find(layer, n.field)
		if !found {
			fault = wrong(n.at, "layer %s has no field %s; it has %s", layer.Name, identifier(short(n.field)), fieldList(layer))
			return
		}
		if fault = suits(n, field); fault == nil {
			f.leaves[n] = &leaf{field: at, kind: field.Type, known: make([]truth, values.Len())}
		}
	})
	if fault != nil {
		return nil, fault
	}
	return f, nil
}

func find(layer *geo.Layer, name string) (int, geo.Field, bool) {
	for i, f := range layer.Fields {
		if f.Name == name {
			return i, f, true
		}
	}
	return 0, geo.Field{}, false
}

func fieldList(layer *geo.Layer) string {
	var names []string
	for _, f := range layer.Fields {
		names = append(names, identifier(f.Name))
	}
	if len(names) == 0 {
		return "none"
	}
	return strings.Join(names, ", ")
}

// suits checks the values of a part against the field's type.
func suits(n *node, f geo.Field) error {
	for _, l := range n.values {
		var fits bool
		var say string
		switch f.Type {
		case geo.Integer, geo.Number:
			fits, say = l.kind == numberLiteral, "a number"
		case geo.Boolean:
			fits, say = l.kind == boolLiteral, "TRUE or FALSE"
		case geo.Date:
			fits, say = l.kind == dateLiteral, "a date such as DATE('2024-05-01')"
		case geo.Time:
			fits, say = l.kind == dateLiteral || l.kind == timeLiteral, "a time such as TIMESTAMP('2024-05-01T08:00:00Z'), or a DATE"
		default:
			fits, say = l.kind == textLiteral, "a 'text'"
		}
		if !fits {
			return wrong(l.at, "field %s is of type %s and is compared with %s, not with %s", identifier(f.Name), f.Type, say, l)
		}
	}
	if n.op == like && f.Type != geo.Text {
		return wrong(n.at, "LIKE is for texts, and field %s is of type %s", identifier(f.Name), f.Type)
	}
	if f.Type == geo.Boolean && n.op != equal && n.op != unequal && n.op != in && n.op != isNull {
		return wrong(n.at, "field %s is TRUE or FALSE, and neither is more than the other", identifier(f.Name))
	}
	return nil
}

// Holds reports whether a feature with these values, in the order of the layer's
// fields, is let through: what is unknown because a value is null is not.
func (f *Filter) Holds(row []geo.Ref) bool { return f.of(f.top, row) == sure }

func (f *Filter) of(n *node, row []geo.Ref) truth {
	switch n.op {
	case and:
		least := sure
		for _, p := range n.parts {
			switch f.of(p, row) {
			case untrue:
				return untrue
			case unknown:
				least = unknown
			}
		}
		return least
	case or:
		most := untrue
		for _, p := range n.parts {
			switch f.of(p, row) {
			case sure:
				return sure
			case unknown:
				most = unknown
			}
		}
		return most
	case not:
		switch f.of(n.parts[0], row) {
		case sure:
			return untrue
		case untrue:
			return sure
		}
		return unknown
	}
	l := f.leaves[n]
	r := row[l.field]
	if l.known[r] == 0 {
		l.known[r] = n.holds(f.values, l.kind, r)
	}
	return l.known[r]
}
