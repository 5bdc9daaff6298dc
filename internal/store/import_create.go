package store

import (
	"context"
	"fmt"
	"regexp"
	"slices"
	"strings"

	"github.com/jackc/pgx/v5"

	"yizhan/geo"
	"yizhan/importer"
	"yizhan/internal/lang"
	"yizhan/sql"
)

// NewLayer is what a planner says of a layer that is made from a file.
type NewLayer struct {
	Title lang.Label // default: the name of the layer
	Kind  geo.Kind   // of its geometries; default: the only one of the file
	Key   string     // field or column that numbers the features; default: found out; "-" for none
	Keep  []string   // fields of the file that are kept in the table and never public
}

// layerName is what a layer can be called.
var layerName = regexp.MustCompile(`^[a-z][a-z0-9_]{0,39}$`)

// create makes a layer that holds the file: table, comments, indexes and the row
// of the catalogue, in the transaction of the import.
func (i *importing) create(ctx context.Context, name geo.LayerName) error {
	if !layerName.MatchString(string(name)) {
		return lang.Errorf("a layer cannot be called %q: a name has a to z, 0 to 9 and _, begins with a letter and has at most 40 characters: %w", name, geo.ErrInvalid)
	}
	var taken bool
	if err := i.tx.QueryRow(ctx, sql.Text("queries/create_taken.sql"), string(name)).Scan(&taken); err != nil {
		return err
	}
	if taken {
		return lang.Errorf("there is a layer or a table %q already; import with --layer %s, or choose another name: %w", name, name, geo.ErrConflict)
	}
	schema, err := importer.Infer(ctx, i.file, i.options.Create.Kind)
	if err != nil {
		return err
	}
	if err := i.nameColumns(ctx, schema); err != nil {
		return err
	}
	if err := i.decidePersonal(schema); err != nil {
		return err
	}
	if err := chooseKey(schema, i.options.Create.Key); err != nil {
		return err
	}
	i.schema = schema
	relation := quote("city", string(name))
	if _, err := i.tx.Exec(ctx, sql.Statement("queries/create_layer.sql",
		sql.Words{"layer": relation, "columns": declared(schema), "kind": declaredKind(schema)})); err != nil {
		return err
	}
	title := i.options.Create.Title
	if title.ZH == "" {
		title.ZH = string(name)
	}
	if title.EN == "" {
		title.EN = string(name)
	}
	for _, field := range schema.Fields {
		if field.Dropped {
			continue
		}
		if _, err := i.tx.Exec(ctx, sql.Text("queries/create_comment.sql"), relation, field.Column, field.Field); err != nil {
			return err
		}
	}
	i.mapToColumns(schema)
	if _, err := i.tx.Exec(ctx, sql.Text("queries/create_publish.sql"), relation, string(name), title.ZH, title.EN, schema.Key); err != nil {
		return err
	}
	_, err = i.tx.Exec(ctx, sql.Text("queries/create_private.sql"), string(name), privateColumns(schema))
	return err
}

// mapToColumns makes each field fill the column that was made for it, whatever the
// names have in common; fields that the planner leaves out fill none.
func (i *importing) mapToColumns(schema *importer.Schema) {
	mapping := map[string]string{}
	for _, g := range schema.Fields {
		mapping[g.Field] = g.Column
		if g.Dropped {
			mapping[g.Field] = ""
		}
	}
	for field, column := range i.mapping {
		mapping[field] = column
	}
	i.mapping = mapping
}

// nameColumns names a column for each field, after the columns that layers share
// where a field is one of theirs by another name.
func (i *importing) nameColumns(ctx context.Context, schema *importer.Schema) error {
	rows, err := i.tx.Query(ctx, sql.Text("queries/create_shared.sql"))
	if err != nil {
		return err
	}
	shared := map[string]string{}
	var column string
	var aliases []string
	if _, err := pgx.ForEachRow(rows, []any{&column, &aliases}, func() error {
		for _, alias := range append(aliases, column) {
			shared[strings.ToLower(alias)] = column
		}
		return nil
	}); err != nil {
		return err
	}
	taken := []string{"gid", "geom"}
	for n := range schema.Fields {
		if g := &schema.Fields[n]; columnName(g.Field) == g.Field && !slices.Contains(taken, g.Field) && shared[g.Field] == "" {
			g.Column = g.Field // goes before others that would be called so
			taken = append(taken, g.Column)
		}
	}
	for n := range schema.Fields {
		g := &schema.Fields[n]
		if g.Column != "" {
			continue
		}
		g.Column = columnName(g.Field)
		if known := shared[strings.ToLower(g.Field)]; known != "" {
			g.Column = known
		} else if known := begun(shared, g); known != "" {
			g.Column = known
		}
		for base, k := g.Column, 2; slices.Contains(taken, g.Column); k++ {
			g.Column = fmt.Sprintf("%s_%d", base, k)
		}
		taken = append(taken, g.Column)
		if g.Column == "code" || g.Column == "adcode" || g.Column == "grid_code" {
			g.Type = geo.Text
		}
	}
	return nil
}

// begun is the shared column of which one of the names begins like a field whose
// name was cut off; "" for none or several.
func begun(shared map[string]string, g *importer.Guess) string {
	found := ""
	for alias, column := range shared {
		if g.Cut && g.Field != "" && strings.HasPrefix(alias, strings.ToLower(g.Field)) {
			if found != "" && found != column {
				return ""
			}
			found = column
		}
	}
	return found
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
		return lang.Errorf("the key %q is no field of the file%s: %w", said, geo.Suggest(geo.Nearest(said, names)), geo.ErrInvalid)
	}
	return nil
}

// columnName is a field's name as a column's: letters, digits and underscores, at
// most 63 bytes, ASCII in lower case.
func columnName(field string) string {
	var b strings.Builder
	for _, r := range strings.ToLower(strings.TrimSpace(field)) {
		if r < 0x80 && !(r >= 'a' && r <= 'z' || r >= '0' && r <= '9') {
			r = '_'
		}
		if b.Len()+4 > 60 {
			break
		}
		b.WriteRune(r)
	}
	name := strings.Trim(b.String(), "_")
	if name == "" {
		return "field"
	}
	return name
}

// declared is the list of columns, each with a comma behind it.
func declared(schema *importer.Schema) string {
	types := map[geo.FieldType]string{geo.Integer: "bigint", geo.Number: "double precision", geo.Boolean: "boolean", geo.Date: "date", geo.Time: "timestamptz", geo.Text: "text"}
	var b strings.Builder
	for _, g := range schema.Fields {
		if g.Dropped {
			continue
		}
		b.WriteString(quote(g.Column) + " " + types[g.Type])
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
