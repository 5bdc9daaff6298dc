package gpkg

import (
	"strconv"
	"strings"

	"yizhan/geo"
	"yizhan/importer/record"
	"yizhan/internal/lang"
	statements "yizhan/sql"
)

// query is the statement that reads a table, the geometry first.
type query struct {
	text    string
	columns []column // read after the geometry
	notes   []lang.Label
}

func queryOf(in record.Input, t table, columns []column) (q query, err error) {
	if most := in.Options.Columns; len(columns) > most {
		return q, lang.Errorf("%s: table %s has %d columns, more than the limit of %d; remove some: %w",
			in.Name, t.name, len(columns), most, geo.ErrInvalid)
	}
	q.notes = []lang.Label{lang.Bothf("table %s", t.name)}
	var values []string
	var skipped lang.List
	order, geometry := "", ""
	for _, c := range columns {
		if c.integerKey() {
			order = "order by " + quoted(c.name)
		}
		var value string
		switch {
		case strings.EqualFold(c.name, t.geometry):
			geometry, err = expression("gpkg/geometry.sql", c, in.Options.RecordBytes)
		case c.binary():
			skipped = append(skipped, c.name)
		default:
			q.columns = append(q.columns, c)
			value, err = expression("gpkg/value.sql", c, in.Options.RecordBytes)
			values = append(values, value)
		}
		if err != nil {
			return q, err
		}
	}
	if geometry == "" {
		return q, lang.Errorf("%s: table %s has no column %s, which gpkg_geometry_columns names; export the file "+
			"again: %w",
			in.Name, t.name, t.geometry, geo.ErrInvalid)
	}
	if len(skipped) > 0 {
		q.notes = append(q.notes, lang.Bothf("binary columns skipped: %s", skipped))
	}
	q.text, err = statements.Fill("gpkg/rows.sql", map[string]string{
		"values": strings.Join(append([]string{geometry}, values...), ", "),
		"table":  quoted(t.name), "order": order})
	return q, err
}

// expression is how a column of at most so many bytes is read.
func expression(statement string, c column, most int) (string, error) {
	return statements.Fill(statement, map[string]string{"column": quoted(c.name), "most": strconv.Itoa(most)})
}

// quoted is an SQLite identifier, whatever it contains.
func quoted(name string) string { return `"` + strings.ReplaceAll(name, `"`, `""`) + `"` }
