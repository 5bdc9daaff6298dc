package geo

import (
	"encoding/json"

	"yizhan/internal/lang"
)

// LayerName is the name of a layer in URLs, commands and the catalogue:
// a lower-case letter followed by lower-case letters, digits and underscores.
type LayerName string

// Kind is the kind of geometry that a layer holds.
type Kind string

// A layer holds points, lines or polygons, single or multiple.
const (
	Point   Kind = "point"
	Line    Kind = "line"
	Polygon Kind = "polygon"
)

// Privacy is the class that decides who may see a layer's rows.
type Privacy string

const (
	// Public layers may be drawn and listed.
	Public Privacy = "public"
	// Personal layers never leave the database row by row.
	Personal Privacy = "personal"
)

// FieldType is the type of an attribute as clients see it.
type FieldType string

// Attribute types; dates and times travel as ISO 8601 text.
const (
	Text    FieldType = "text"
	Integer FieldType = "integer"
	Number  FieldType = "number"
	Boolean FieldType = "boolean"
	Date    FieldType = "date"
	Time    FieldType = "timestamp"
)

// Category is one admissible value of a field, with its label and, for a
// layer's facet, its colour ("#rrggbb", empty for none).
type Category struct {
	Value string `json:"value"`
	lang.Label
	Color   string   `json:"color,omitempty"`
	Aliases []string `json:"aliases,omitempty"` // other labels in survey files
}

// Named reports whether a survey file that says name means the value: whether it is the
// value itself, a label or an alias of it, all as fold makes them comparable.
func (c *Category) Named(name string, fold func(string) string) bool {
	if name == fold(c.Value) || name == fold(c.ZH) || name == fold(c.EN) {
		return true
	}
	for _, alias := range c.Aliases {
		if name == fold(alias) {
			return true
		}
	}
	return false
}

// Field is an attribute of a layer.
type Field struct {
	Name       string     `json:"name"`
	Type       FieldType  `json:"type"`
	Title      lang.Label `json:"title"`
	Unit       string     `json:"unit,omitempty"`
	MinZoom    *int       `json:"minzoom,omitempty"` // first zoom whose tiles carry it; nil: no tile does
	Categories []Category `json:"categories,omitempty"`
	Required   bool       `json:"required,omitempty"` // an imported row must have it
	Aliases    []string   `json:"aliases,omitempty"`  // other names in survey files, beside the titles
	Privacy    Privacy    `json:"privacy,omitempty"`  // Personal: kept in the table and shown to nobody; "" is Public
}

// InTile reports whether tiles of zoom z carry the field.
func (f Field) InTile(z uint8) bool {
	return f.MinZoom != nil && int(z) >= *f.MinZoom
}

// Layer is a row of the catalogue: what one table of features is and how it is shown.
type Layer struct {
	Name        LayerName  `json:"name"`
	Schema      string     `json:"-"`
	Table       string     `json:"-"`
	IDColumn    string     `json:"-"`             // integer primary key, the feature id
	KeyColumn   string     `json:"key,omitempty"` // business key; empty: rows are matched whole
	GeomColumn  string     `json:"-"`
	Kind        Kind       `json:"geometry"`
	Title       lang.Label `json:"title"`
	Description lang.Label `json:"description"`
	MinZoom     int        `json:"minzoom"`
	MaxZoom     int        `json:"maxzoom"`
	// first zoom that shows every point; below it, cells with a count where points share one
	PointZoom int     `json:"pointzoom"`
	Privacy   Privacy `json:"privacy"`
	Facet     string  `json:"facet,omitempty"` // field whose categories colour the layer
	// metres: points of one category that are nearer are one thing surveyed twice; 0: they may be
	Spacing  float64         `json:"spacing_m,omitempty"`
	Position int             `json:"position"`        // drawing order, lowest first
	Style    json.RawMessage `json:"style,omitempty"` // colour, width and other hints
	Fields   []Field         `json:"fields"`
}

// Field returns the field of that name.
func (l *Layer) Field(name string) (Field, error) {
	for _, f := range l.Fields {
		if f.Name == name {
			return f, nil
		}
	}
	return Field{}, lang.Errorf("layer %q has no field %q: %w", l.Name, name, ErrNotFound)
}
