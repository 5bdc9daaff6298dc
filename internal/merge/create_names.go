package merge

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"github.com/jackc/pgx/v5"

	"yizhan/geo"
	"yizhan/importer"
	"yizhan/sql"
)

// nameColumns names a column for each field, after the columns that layers share
// where a field is one of theirs by another name.
func (c *creation) nameColumns(ctx context.Context, schema *importer.Schema) error {
	shared, err := c.sharedColumns(ctx)
	if err != nil {
		return err
	}
	taken := []string{"gid", "geom"}
	for n := range schema.Fields {
		if g := &schema.Fields[n]; columnName(g.Field) == g.Field && !slices.Contains(taken, g.Field) &&
			shared[g.Field] == "" {
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

// sharedColumns are the columns that layers share, by each of their names in lower case.
func (c *creation) sharedColumns(ctx context.Context) (map[string]string, error) {
	rows, err := c.tx.Query(ctx, sql.Text("queries/create_shared.sql"))
	if err != nil {
		return nil, err
	}
	shared := map[string]string{}
	var column string
	var aliases []string
	_, err = pgx.ForEachRow(rows, []any{&column, &aliases}, func() error {
		for _, alias := range append(aliases, column) {
			shared[strings.ToLower(alias)] = column
		}
		return nil
	})
	return shared, err
}
