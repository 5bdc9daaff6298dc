package ledger

import (
	"strings"

	"yizhan/geo"
	"yizhan/internal/pg"
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
	return sql.Statement(file, sql.Words{"attributes": attributes(l)}, Words(l))
}

// Words are what the markers of statements on a layer's table stand for.
func Words(l *geo.Layer) sql.Words {
	return sql.Words{"layer": pg.Quote(l.Schema, l.Table), "id": pg.Quote(l.IDColumn), "geom": pg.Quote(l.GeomColumn),
		"key": pg.Quote(l.KeyColumn)}
}

// attributes are the fields of a layer as they are read, each behind a comma.
func attributes(l *geo.Layer) string {
	var list strings.Builder
	for _, f := range l.Fields {
		list.WriteString(", " + attribute(f))
	}
	return list.String()
}

// attribute casts a field to one of four types on the wire; moments become ISO 8601 text.
func attribute(f geo.Field) string {
	column := pg.Quote(f.Name)
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
