package merge

import (
	"cmp"
	"context"
	"maps"
	"regexp"
	"strings"

	"github.com/jackc/pgx/v5"

	"yizhan/geo"
	"yizhan/importer"
	"yizhan/internal/lang"
	"yizhan/internal/pg"
	"yizhan/sql"
)

// NewLayer is what a planner says of a layer that is made from a file.
type NewLayer struct {
	Title lang.Label // default: the name of the layer
	Kind  geo.Kind   // of its geometries; default: the only one of the file
	Key   string     // field or column that numbers the features; default: detected; "-" for none
	Keep  []string   // fields of the file that are kept in the table and never public
}

// layerName is what a layer can be called.
var layerName = regexp.MustCompile(`^[a-z][a-z0-9_]{0,39}$`)

// creation makes the layer for a file.
type creation struct {
	tx    pgx.Tx
	order order
}

// create makes a layer that holds the file: table, comments, indexes and the row
// of the catalogue, in the transaction of the import.
func (c *creation) create(ctx context.Context, name geo.LayerName) (*importer.Schema, error) {
	if err := c.free(ctx, name); err != nil {
		return nil, err
	}
	schema, err := importer.Infer(ctx, c.order.file, c.order.Create.Kind)
	if err != nil {
		return nil, err
	}
	if err := c.nameColumns(ctx, schema); err != nil {
		return nil, err
	}
	if err := c.decidePersonal(schema); err != nil {
		return nil, err
	}
	if err := chooseKey(schema, c.order.Create.Key); err != nil {
		return nil, err
	}
	if err := c.table(ctx, name, schema); err != nil {
		return nil, err
	}
	return schema, c.publish(ctx, name, schema)
}

// free refuses a name that no layer can have, or that is taken.
func (c *creation) free(ctx context.Context, name geo.LayerName) error {
	if !layerName.MatchString(string(name)) {
		return lang.Errorf(
			"layer name %q not allowed: a name consists of a to z, 0 to 9 and _, starts with a letter and has at "+
				"most 40 characters: %w", name, geo.ErrInvalid)
	}
	var taken bool
	err := c.tx.QueryRow(ctx, sql.Text("queries/create_taken.sql"), string(name)).Scan(&taken)
	if err == nil && taken {
		err = lang.Errorf("a layer or table %q already exists; import with --layer %s, or choose another name: %w",
			name, name, geo.ErrConflict)
	}
	return err
}

// relation is the table of a layer that is created.
func relation(name geo.LayerName) string { return pg.Quote("city", string(name)) }

// table creates the table with a comment on each column.
func (c *creation) table(ctx context.Context, name geo.LayerName, schema *importer.Schema) error {
	if _, err := c.tx.Exec(ctx, sql.Statement("queries/create_layer.sql",
		sql.Words{"layer": relation(name), "columns": declared(schema), "kind": declaredKind(schema)})); err != nil {
		return err
	}
	for _, field := range schema.Fields {
		if field.Dropped {
			continue
		}
		if _, err := c.tx.Exec(ctx, sql.Text("queries/create_comment.sql"), relation(name), field.Column, field.Field); err != nil {
			return err
		}
	}
	return nil
}

// publish makes the table a layer of the catalogue.
func (c *creation) publish(ctx context.Context, name geo.LayerName, schema *importer.Schema) error {
	zh, en := cmp.Or(c.order.Create.Title.ZH, string(name)), cmp.Or(c.order.Create.Title.EN, string(name))
	_, err := c.tx.Exec(ctx, sql.Text("queries/create_publish.sql"), relation(name), string(name), zh, en, schema.Key)
	if err != nil {
		return err
	}
	_, err = c.tx.Exec(ctx, sql.Text("queries/create_private.sql"), string(name), privateColumns(schema))
	return err
}

// mapping makes each field fill the column that was made for it, whatever the
// names have in common; fields that the planner leaves out fill none.
func (c *creation) mapping(schema *importer.Schema) map[string]string {
	mapping := map[string]string{}
	for _, g := range schema.Fields {
		mapping[g.Field] = g.Column
		if g.Dropped {
			mapping[g.Field] = ""
		}
	}
	maps.Copy(mapping, c.order.mapping)
	return mapping
}

// chooseKey takes the field that the planner names, else the first that is named
// like a key and has a value of its own in every feature.
func chooseKey(schema *importer.Schema, said string) error {
	if said == "-" {
		return nil
	}
	var names []string
	for _, g := range schema.Fields {
		names = append(names, g.Field)
		switch {
		case g.Dropped || g.Private || g.Personal != nil && said == "":
		case said != "" && (g.Field == said || g.Column == said), said == "" && g.Column == "code" && g.Unique:
			schema.Key = g.Column
			return nil
		case said == "" && g.Unique && schema.Key == "":
			schema.Key = g.Column
		}
	}
	if said != "" {
		return lang.Errorf("key %q not found in the file%s: %w", said, geo.Suggest(geo.Nearest(said, names)),
			geo.ErrInvalid)
	}
	return nil
}

// declared is the list of columns, each with a comma behind it.
func declared(schema *importer.Schema) string {
	types := map[geo.FieldType]string{geo.Integer: "bigint", geo.Number: "double precision", geo.Boolean: "boolean",
		geo.Date: "date", geo.Time: "timestamptz", geo.Text: "text"}
	var b strings.Builder
	for _, g := range schema.Fields {
		if g.Dropped {
			continue
		}
		b.WriteString(pg.Quote(g.Column) + " " + types[g.Type])
		if g.Column == schema.Key {
			b.WriteString(" not null")
		}
		b.WriteString(", ")
	}
	return b.String()
}

func declaredKind(schema *importer.Schema) string {
	kind := map[geo.Kind]string{geo.Point: "Point", geo.Line: "LineString", geo.Polygon: "Polygon"}[schema.Kind]
	if schema.Multi {
		kind = "Multi" + kind
	}
	return kind
}
