package store

import (
	"strings"

	"yizhan/geo"
	"yizhan/sql"
)

// AllFeatures is the statement that reads every feature of a layer: its id, its
// geometry and its fields in order. Ask for binary results.
func AllFeatures(l *geo.Layer) string {
	return featureStatement("queries/features_all.sql", l)
}

// SomeFeatures is the same for the features whose ids are parameter $1.
func SomeFeatures(l *geo.Layer) string {
	return featureStatement("queries/features_some.sql", l)
}

func featureStatement(file string, l *geo.Layer) string {
	var attributes strings.Builder
	for _, f := range l.Fields {
		attributes.WriteString(", ")
		attributes.WriteString(attribute(f))
	}
	return strings.NewReplacer(
		"city.layer", quote(l.Schema, l.Table),
		"identifier", quote(l.IDColumn),
		"geometry", quote(l.GeomColumn),
		", attributes", attributes.String(),
	).Replace(sql.Text(file))
}

// attribute casts a field to one of four types on the wire; moments become ISO 8601 text.
func attribute(f geo.Field) string {
	column := quote(f.Name)
	switch f.Type {
	case geo.Integer:
		return column + "::int8"
	case geo.Number:
		return column + "::float8"
	case geo.Boolean:
		return column
	case geo.Time:
		return "to_json(" + column + ") #>> '{}'"
	default:
		return column + "::text"
	}
}
