package store

import (
	"context"
	"fmt"
	"strconv"
	"strings"

	"github.com/jackc/pgx/v5"

	"yizhan/geo"
	"yizhan/importer"
	"yizhan/sql"
)

// target is a layer as the importer checks it, and how its statements are written.
type target struct {
	importer.Target
	relation string   // quoted
	types    []string // declared types of the columns
	rules    []rule
}

// rule is a check constraint of the table.
type rule struct{ name, expression string }

// importTarget reads what the import of a layer needs to know.
func importTarget(ctx context.Context, tx pgx.Tx, layer geo.Layer) (*target, error) {
	t := &target{Target: importer.Target{Layer: layer}, relation: quote(layer.Schema, layer.Table)}
	var declared string
	if err := tx.QueryRow(ctx, sql.Text("queries/import_geometry.sql"), t.relation, layer.GeomColumn).Scan(&declared); err != nil {
		return nil, fmt.Errorf("geometry of layer %q: %w", layer.Name, err)
	}
	t.Multi = strings.Contains(strings.ToLower(declared), "(multi")
	rows, err := tx.Query(ctx, sql.Text("queries/import_target.sql"), t.relation)
	if err != nil {
		return nil, err
	}
	var name, declaredType string
	var c importer.Column
	_, err = pgx.ForEachRow(rows, []any{&name, &declaredType, &c.Least, &c.Most, &c.MaxLength}, func() error {
		field, err := layer.Field(name)
		if err == nil {
			c.Field = field
			t.Columns, t.types = append(t.Columns, c), append(t.types, declaredType)
		}
		return nil // a column that is no field is not filled from files
	})
	if err != nil {
		return nil, err
	}
	rows, err = tx.Query(ctx, sql.Text("queries/import_checks.sql"), t.relation)
	if err != nil {
		return nil, err
	}
	t.rules, err = pgx.CollectRows(rows, func(row pgx.CollectableRow) (rule, error) {
		var r rule
		return r, row.Scan(&r.name, &r.expression)
	})
	return t, err
}

// stage is the staging table's columns, after position and geometry.
func (t *target) stage() string {
	var b strings.Builder
	for i, c := range t.Columns {
		fmt.Fprintf(&b, ", c%d %s", i, stagedType(c.Type))
	}
	return b.String()
}

func stagedType(f geo.FieldType) string {
	switch f {
	case geo.Integer:
		return "int8"
	case geo.Number:
		return "float8"
	case geo.Boolean:
		return "bool"
	}
	return "text"
}

// typed is the staging table as a subquery named staged, in the layer's names and types.
func (t *target) typed() string {
	var b strings.Builder
	b.WriteString("(select yizhan_pos, yizhan_geom as yizhan_shape, yizhan_geom as " + quote(t.Layer.GeomColumn))
	for i, c := range t.Columns {
		b.WriteString(", c" + strconv.Itoa(i) + "::" + t.types[i] + " as " + quote(c.Name))
	}
	b.WriteString(" from yizhan_staging) as staged")
	return b.String()
}

// statement fills in the names that a statement's file leaves open. Names come
// from the database's catalogue and are quoted; types are as it prints them.
func (t *target) statement(file string, present []bool) string {
	geometry := quote(t.Layer.GeomColumn)
	columns, mine, theirs, assignments := geometry, "target."+geometry, "staged."+geometry, geometry+" = staged."+geometry
	for i, c := range t.Columns {
		if !present[i] {
			continue
		}
		name := quote(c.Name)
		columns += ", " + name
		mine += ", target." + name
		theirs += ", staged." + name
		assignments += ", " + name + " = staged." + name
	}
	key := quote(t.Layer.KeyColumn)
	keyText := "null::text"
	if t.Layer.KeyColumn != "" {
		keyText = "(" + key + ")::text"
	}
	return strings.NewReplacer(
		"city.layer", t.relation, "typed_rows", t.typed(), "key_column", key, "key_text", keyText, "rule_case", t.ruleCase(),
		"staged_columns", t.stage(), "(columns)", "("+columns+")", "select columns", "select "+columns,
		"select theirs", "select "+theirs, "(theirs)", "("+theirs+")", "(mine)", "("+mine+")", "assignments", assignments,
	).Replace(sql.Text(file))
}

// ruleCase numbers the first rule that a row breaks: 1 is the shape of a polygon,
// 2 and on are the table's check constraints.
func (t *target) ruleCase() string {
	var b strings.Builder
	b.WriteString("case")
	if t.Layer.Kind == geo.Polygon {
		b.WriteString(" when not st_isvalid(yizhan_shape) then 1")
	}
	for i, r := range t.rules {
		fmt.Fprintf(&b, " when (%s) is false then %d", r.expression, i+2)
	}
	if b.Len() == len("case") {
		return "0"
	}
	return b.String() + " else 0 end"
}
