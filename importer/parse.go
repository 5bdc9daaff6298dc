package importer

import (
	"bytes"
	"errors"
	"fmt"
	"strconv"
	"strings"
	"unicode/utf8"

	"github.com/go-faster/jx"
)

// Limits of one feature; the zero value of each stands for the default.
type Limits struct {
	FeatureBytes int // default 64 MiB
	Vertices     int // default 5,000,000
	FieldBytes   int // default 1 MiB
}

func (l Limits) withDefaults() Limits {
	if l.FeatureBytes == 0 {
		l.FeatureBytes = 64 << 20
	}
	if l.Vertices == 0 {
		l.Vertices = 5_000_000
	}
	if l.FieldBytes == 0 {
		l.FieldBytes = 1 << 20
	}
	return l
}

// parser turns the bytes of features into checked rows. One goroutine uses it.
type parser struct {
	target  *Target
	limits  Limits
	decoder *jx.Decoder
	columns map[string]int // by property name, in lower case
	key     int            // the key column, -1 without one
	row     Row
	shape   geometry
	arena   []byte // text of the row at hand
	present []bool // columns that some feature had
	unknown map[string]int64
	flat    int64
}

func newParser(t *Target, limits Limits) *parser {
	p := &parser{target: t, limits: limits, decoder: jx.DecodeBytes(nil), columns: map[string]int{}, key: -1,
		present: make([]bool, len(t.Columns)), unknown: map[string]int64{},
		shape: geometry{decoder: jx.DecodeBytes(nil), most: limits.Vertices}}
	p.row.values = make([]value, len(t.Columns))
	for i, c := range t.Columns {
		p.columns[strings.ToLower(c.Name)] = i
		if c.Name == t.Layer.KeyColumn {
			p.key = i
		}
	}
	return p
}

// parse reads one feature; on a rejection the row is not to be used.
func (p *parser) parse(data []byte, position int64) (*Row, *Rejection) {
	clear(p.row.values)
	p.arena = p.arena[:0]
	p.row.Position = position
	var isFeature, hasGeometry bool
	p.decoder.ResetBytes(data)
	err := p.decoder.ObjBytes(func(d *jx.Decoder, key []byte) error {
		switch string(key) {
		case "type":
			name, err := d.StrBytes()
			isFeature = string(name) == "Feature"
			return err
		case "properties":
			if d.Next() != jx.Object {
				return d.Skip()
			}
			return d.ObjBytes(p.property)
		case "geometry":
			hasGeometry = true
			return p.geometry(d)
		}
		return d.Skip()
	})
	if err == nil && !isFeature {
		err = &flaw{NotFeature, ""}
	}
	if err == nil && !hasGeometry {
		err = &flaw{NoGeometry, ""}
	}
	if err == nil {
		err = p.complete()
	}
	if err != nil {
		return nil, p.reject(err)
	}
	p.row.Geometry = p.shape.out
	if p.shape.flattened {
		p.flat++
	}
	return &p.row, nil
}

// refusal is a flaw of one field.
type refusal struct {
	flaw
	column int
	value  string
}

func (p *parser) reject(err error) *Rejection {
	one := &Rejection{Position: p.row.Position, Reason: BadJSON}
	var field *refusal
	var known *flaw
	switch {
	case errors.As(err, &field):
		one.Reason, one.Detail, one.Field, one.Value = field.reason, field.detail, p.target.Columns[field.column].Name, clip(field.value)
	case errors.As(err, &known):
		one.Reason, one.Detail = known.reason, known.detail
	}
	if p.key >= 0 {
		one.Key = clip(p.keyText())
	}
	return one
}

// clip keeps a quoted value short.
func clip(s string) string {
	if len(s) > 60 {
		return strings.ToValidUTF8(s[:60], "") + "…"
	}
	return s
}

func (p *parser) keyText() string {
	v := p.row.values[p.key]
	if !v.present || v.null {
		return ""
	}
	if v.text != nil {
		return string(v.text)
	}
	return strconv.FormatInt(v.integer, 10)
}

// property reads one attribute. Names match columns whatever their case.
func (p *parser) property(d *jx.Decoder, key []byte) error {
	i, known := p.columns[string(key)]
	if !known {
		if i, known = p.columns[strings.ToLower(string(key))]; known {
			p.columns[string(key)] = i // the next feature finds it at once
		}
	}
	if !known {
		if len(p.unknown) < 1000 {
			p.unknown[clip(string(key))]++
		}
		return d.Skip()
	}
	v := &p.row.values[i]
	if v.present {
		return &refusal{flaw{RepeatedField, ""}, i, ""}
	}
	v.present = true
	return p.read(d, i, v)
}

// read takes the JSON value as the column's type wants it.
func (p *parser) read(d *jx.Decoder, i int, v *value) error {
	var text []byte
	switch d.Next() {
	case jx.Null:
		v.null = true
		return d.Null()
	case jx.String:
		s, err := d.StrBytes()
		if err != nil {
			return err
		}
		text = p.hold(s)
	case jx.Number:
		n, err := d.Num()
		if err != nil {
			return err
		}
		text = p.hold(n)
	case jx.Bool:
		b, err := d.Bool()
		if err != nil {
			return err
		}
		text = strconv.AppendBool(nil, b)
	default:
		raw, err := d.Raw()
		if err != nil {
			return err
		}
		text = p.hold(raw)
	}
	if len(text) > p.limits.FieldBytes {
		return &refusal{flaw{TooLarge, fmt.Sprintf("%d bytes", len(text))}, i, ""}
	}
	if bytes.IndexByte(text, 0) >= 0 || !utf8.Valid(text) {
		return &refusal{flaw{WrongType, "NUL or invalid UTF-8"}, i, ""}
	}
	return p.convert(i, v, text)
}

// hold keeps bytes until the next feature.
func (p *parser) hold(b []byte) []byte {
	start := len(p.arena)
	p.arena = append(p.arena, b...)
	return p.arena[start:len(p.arena):len(p.arena)]
}

// geometry reads type and coordinates, in whichever order they stand.
func (p *parser) geometry(d *jx.Decoder) error {
	if d.Next() == jx.Null {
		if err := d.Null(); err != nil {
			return err
		}
		return &flaw{NoGeometry, ""}
	}
	var kind string
	var coordinates []byte
	err := d.ObjBytes(func(d *jx.Decoder, key []byte) error {
		switch string(key) {
		case "type":
			name, err := d.StrBytes()
			kind = internKind(name)
			return err
		case "coordinates":
			raw, err := d.Raw()
			coordinates = raw
			return err
		}
		return d.Skip()
	})
	if err != nil {
		return err
	}
	return p.shape.encode(kind, coordinates, p.target)
}

// internKind avoids a new string a feature for the usual names.
func internKind(name []byte) string {
	switch string(name) {
	case "Point":
		return "Point"
	case "LineString":
		return "LineString"
	case "Polygon":
		return "Polygon"
	case "MultiPolygon":
		return "MultiPolygon"
	}
	return clip(string(name))
}

// complete checks what must be there.
func (p *parser) complete() error {
	for i := range p.target.Columns {
		v := &p.row.values[i]
		if v.present {
			p.present[i] = true
		} else {
			v.null = true
		}
		if v.null && (p.target.Columns[i].Required || i == p.key) {
			return &refusal{flaw{MissingValue, ""}, i, ""}
		}
	}
	return nil
}
