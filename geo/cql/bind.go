package cql

import (
	"yizhan/geo"
	"yizhan/geo/index"
	"yizhan/internal/lang"
)

// Filter is a filter of one layer's features. It serves one goroutine at a time:
// it remembers what it has found of each value.
type Filter struct {
	top    *node
	values *index.Values
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
func (e *Expr) Bind(layer *geo.Layer, values *index.Values) (*Filter, error) {
	f := &Filter{top: e.top, values: values, leaves: map[*node]*leaf{}}
	var fault error
	e.top.each(func(n *node) {
		if n.field == "" || fault != nil {
			return
		}
		at, field, found := find(layer, n.field)
		if !found {
			fault = wrong(n.at, lang.Errorf("layer %s has no field %s; %s",
				layer.Name, identifier(lang.Clip(n.field, longestShown)), fieldList(layer)))
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

func fieldList(layer *geo.Layer) lang.Label {
	var names lang.List
	for _, f := range layer.Fields {
		names = append(names, identifier(f.Name))
	}
	if len(names) == 0 {
		return lang.Bothf("no fields")
	}
	return lang.Bothf("fields: %s", names)
}

// suits checks the values of a part against the field's type.
func suits(n *node, f geo.Field) error {
	for _, l := range n.values {
		var fits bool
		var wanted lang.Label
		switch f.Type {
		case geo.Integer, geo.Number:
			fits, wanted = l.kind == numberLiteral, lang.Bothf("a number")
		case geo.Boolean:
			fits, wanted = l.kind == boolLiteral, lang.Label{EN: "TRUE / FALSE"}
		case geo.Date:
			fits, wanted = l.kind == dateLiteral, lang.Bothf("a date such as DATE('2024-05-01')")
		case geo.Time:
			fits = l.kind == dateLiteral || l.kind == timeLiteral
			wanted = lang.Bothf("a DATE, or a time such as TIMESTAMP('2024-05-01T08:00:00Z')")
		default:
			fits, wanted = l.kind == textLiteral, lang.Bothf("a 'text'")
		}
		if !fits {
			return wrong(l.at, lang.Errorf("field %s is of type %s and must be compared with %s, not with %s",
				identifier(f.Name), f.Type, wanted, l))
		}
	}
	if n.op == like && f.Type != geo.Text {
		return wrong(n.at, lang.Errorf("LIKE applies to texts only; field %s is of type %s",
			identifier(f.Name), f.Type))
	}
	if f.Type == geo.Boolean && n.op != equal && n.op != unequal && n.op != in && n.op != isNull {
		return wrong(n.at, lang.Errorf("field %s is TRUE or FALSE; use =, <>, IN or IS NULL", identifier(f.Name)))
	}
	return nil
}

// Holds reports whether a feature with these values, in the order of the layer's
// fields, matches the filter. One that is unknown because a value is null does not.
func (f *Filter) Holds(row []index.Ref) bool { return f.of(f.top, row) == sure }

func (f *Filter) of(n *node, row []index.Ref) truth {
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
