package merge

import (
	"context"
	"errors"
	"maps"
	"slices"
	"strings"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"

	"yizhan/geo"
	"yizhan/importer"
	"yizhan/internal/lang"
	"yizhan/internal/ledger"
	"yizhan/internal/pg"
	"yizhan/sql"
)

// target is a layer as the importer checks it, and what its table says of the columns.
type target struct {
	importer.Target
	relation string   // quoted
	force    string   // function that gives a geometry the column's dimensions, "" for none
	columns  []column // of Target.Columns
	rules    []rule
}

// column is what a statement must know of a column beside importer.Column.
type column struct {
	declared string // type, as in a declaration
	base     string // its name in pg_type
	notNull  bool
	standard string // default, as an expression; "" for none
}

// rule is a check constraint of the table.
type rule struct{ name, expression string }

// findTarget finds a layer of the catalogue and reads what an import into it must know.
func findTarget(ctx context.Context, tx pgx.Tx, name geo.LayerName) (*target, error) {
	layers, err := ledger.ReadLayers(ctx, tx)
	if err != nil {
		return nil, err
	}
	layer, err := geo.Find(layers, name)
	if err != nil {
		return nil, lang.Errorf("%s; to create it from this file, use --create %.60s: %w", lang.BothOf(err), name,
			geo.ErrNotFound)
	}
	return readTarget(ctx, tx, layer)
}

// readTarget reads what the import into a layer must know.
func readTarget(ctx context.Context, tx pgx.Tx, layer geo.Layer) (*target, error) {
	t := &target{Target: importer.Target{Layer: layer}, relation: pg.Quote(layer.Schema, layer.Table)}
	if err := trusted(ctx, tx, t.relation); err != nil {
		return nil, err
	}
	if err := t.readGeometry(ctx, tx); err != nil {
		return nil, err
	}
	if err := t.readColumns(ctx, tx); err != nil {
		return nil, err
	}
	staged := []string{layer.GeomColumn}
	hasKey := layer.KeyColumn == ""
	for _, c := range t.Columns {
		staged = append(staged, c.Name)
		hasKey = hasKey || c.Name == layer.KeyColumn
	}
	if !hasKey {
		return nil,
			lang.Errorf(
				"layer %q: key column %q is generated, so a file cannot fill it; publish the layer with another key "+
					"column, or none: %w", layer.Name, layer.KeyColumn, geo.ErrInvalid)
	}
	rows, err := tx.Query(ctx, sql.Text("queries/import_checks.sql"), t.relation, staged)
	if err != nil {
		return nil, err
	}
	t.rules, err = pgx.CollectRows(rows, func(row pgx.CollectableRow) (rule, error) {
		var r rule
		return r, row.Scan(&r.name, &r.expression)
	})
	return t, err
}

// readGeometry reads whether the geometries are multiple and have heights or measures.
func (t *target) readGeometry(ctx context.Context, tx pgx.Tx) error {
	var declared string
	if err := tx.QueryRow(ctx, sql.Text("queries/import_geometry.sql"), t.relation, t.Layer.GeomColumn).Scan(&declared); err != nil {
		return lang.Errorf("geometry of layer %q: %w", t.Layer.Name, err)
	}
	kind, _, _ := strings.Cut(strings.ToLower(declared), ",")
	t.Multi = strings.Contains(kind, "(multi")
	switch {
	case strings.HasSuffix(kind, "zm"):
		t.force = "st_force4d"
	case strings.HasSuffix(kind, "z"):
		t.force = "st_force3dz"
	case strings.HasSuffix(kind, "m"):
		t.force = "st_force3dm"
	}
	return nil
}

// readColumns takes the columns that are fields of the layer, and its key.
func (t *target) readColumns(ctx context.Context, tx pgx.Tx) error {
	rows, err := tx.Query(ctx, sql.Text("queries/import_target.sql"), t.relation)
	if err != nil {
		return err
	}
	var name string
	var c column
	var limits importer.Column
	_, err = pgx.ForEachRow(rows, []any{&name, &c.declared, &c.base, &limits.Least, &limits.Most, &limits.Limit,
		&limits.MaxLength, &limits.Values, &c.notNull, &c.standard}, func() error {
		field, err := t.Layer.Field(name)
		if err != nil {
			if name != t.Layer.KeyColumn {
				return nil // a column that is not a field is not filled from files
			}
			field = geo.Field{Name: name, Type: geo.Integer, Required: true} // the feature id itself is the key
		}
		taken := limits
		taken.Field, taken.Exact = field, c.base == "numeric"
		t.Columns, t.columns = append(t.Columns, taken), append(t.columns, c)
		return nil
	})
	return err
}

// mapFields takes over which column a field of the file fills, as specified by the planner.
func (t *target) mapFields(mapping map[string]string) error {
	var columns []string
	for _, c := range t.Columns {
		columns = append(columns, c.Name)
	}
	for _, field := range slices.Sorted(maps.Keys(mapping)) {
		column := mapping[field]
		if column != "" && !slices.Contains(columns, column) {
			return lang.Errorf("mapping %s=%s: field not found in layer %q%s: %w", field, column, t.Layer.Name,
				geo.Suggest(geo.Nearest(column, columns)), geo.ErrInvalid)
		}
	}
	t.Mapping = mapping
	return nil
}

// failure says what the ledger refused. Of its message only as much is passed on
// as cannot hold a value of a personal layer.
func (t *target) failure(err error) error {
	var answer *pgconn.PgError
	if !errors.As(err, &answer) || answer.Code[:2] != "22" && answer.Code[:2] != "23" {
		return pg.Describe(err)
	}
	said := answer.Message
	if t != nil && t.hidesValues() {
		said = "a rule of the table"
		if answer.ConstraintName != "" {
			said = "rule " + answer.ConstraintName
		}
	}
	if answer.Code == "23505" {
		return lang.Errorf(
			"a value that must be unique already exists in the layer, or was added just now; nothing was imported: "+
				"%s: %w", said, geo.ErrConflict)
	}
	return lang.Errorf("the ledger refused the rows, and nothing was imported: %s: %w", said, geo.ErrInvalid)
}
