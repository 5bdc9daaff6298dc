package merge

import (
	"context"
	"encoding/json"

	"github.com/jackc/pgx/v5"

	"yizhan/importer"
	"yizhan/internal/lang"
)

// comparing is the stage of a dry run and of a preview, in place of applying.
type comparing struct{ settled }

// changes finds out what applying the staged rows would do, without doing it.
func (p *comparing) changes(ctx context.Context) error {
	staged, err := p.number(ctx, "queries/import_staged.sql")
	if err != nil {
		return err
	}
	c := &importer.Changes{Fields: map[string]int64{}}
	p.report.Changes = c
	steps := []func(context.Context, *importer.Changes) error{p.changesByRow}
	if p.target.Layer.KeyColumn != "" {
		steps = []func(context.Context, *importer.Changes) error{p.changesByKey, p.changesOfFields, p.changesShown}
	}
	for _, step := range steps {
		if err := step(ctx, c); err != nil {
			return err
		}
	}
	r := p.report
	r.Inserted, r.Deleted = c.Inserted.Rows, c.Deleted.Rows
	c.Unchanged = p.skipped + staged - r.Inserted - r.Updated
	r.Unchanged = c.Unchanged
	return nil
}

// group fills in a group from a row of counts and bounds.
func (p *comparing) group(ctx context.Context, file string, g *importer.Group, args ...any) error {
	var west, south, east, north *float64
	if err := p.tx.QueryRow(ctx, p.statementOf(file, p.view()), args...).Scan(&g.Rows, &west, &south, &east, &north); err != nil {
		return err
	}
	if west != nil && !p.personal() {
		g.Bounds = &[4]float64{*west, *south, *east, *north}
	}
	return nil
}

// changesByRow is for layers without a key.
func (p *comparing) changesByRow(ctx context.Context, c *importer.Changes) error {
	file := "queries/preview_new_rows.sql"
	if p.order.mode() == Append {
		file = "queries/preview_all_rows.sql"
	}
	if err := p.group(ctx, file, &c.Inserted); err != nil {
		return err
	}
	if p.order.mode() != Replace {
		return nil
	}
	return p.group(ctx, "queries/preview_gone_rows.sql", &c.Deleted)
}

// changesByKey sorts the staged rows by what would happen to them.
func (p *comparing) changesByKey(ctx context.Context, c *importer.Changes) error {
	if _, err := p.tx.Exec(ctx, p.statementOf("queries/preview_compare.sql", p.view()),
		p.target.names(p.report.Present)); err != nil {
		return err
	}
	if err := p.group(ctx, "queries/preview_new.sql", &c.Inserted); err != nil {
		return err
	}
	if err := p.group(ctx, "queries/preview_moved.sql", &c.Moved); err != nil {
		return err
	}
	if err := p.group(ctx, "queries/preview_edited.sql", &c.Edited); err != nil {
		return err
	}
	if err := p.tx.QueryRow(ctx, p.statement("queries/preview_distances.sql")).Scan(&p.report.Updated, &c.Median,
		&c.Farthest); err != nil {
		return err
	}
	if p.order.mode() != Replace {
		return nil
	}
	if err := p.knowRefused(); err != nil {
		return err
	}
	return p.group(ctx, "queries/preview_gone.sql", &c.Deleted, p.refusedKeys())
}

// changesOfFields counts the rows in which each field differs.
func (p *comparing) changesOfFields(ctx context.Context, c *importer.Changes) error {
	rows, err := p.tx.Query(ctx, p.statement("queries/preview_fields.sql"))
	if err != nil {
		return err
	}
	var field string
	var n int64
	_, err = pgx.ForEachRow(rows, []any{&field, &n}, func() error {
		c.Fields[field] = n
		return nil
	})
	return err
}

// changesShown samples each group; a personal layer shows none.
func (p *comparing) changesShown(ctx context.Context, c *importer.Changes) error {
	if p.personal() {
		return nil
	}
	groups := map[string]*importer.Group{"inserted": &c.Inserted, "moved": &c.Moved, "edited": &c.Edited,
		"deleted": &c.Deleted}
	rows, err := p.tx.Query(ctx, p.statementOf("queries/preview_sample.sql", p.view()), p.order.mode() == Replace,
		p.refusedKeys())
	if err != nil {
		return err
	}
	var what string
	var position *int64
	var key *string
	var metres *float64
	var fields []byte
	_, err = pgx.ForEachRow(rows, []any{&what, &position, &key, &metres, &fields}, func() error {
		var one importer.Change
		if position != nil {
			one.Position = *position
		}
		if key != nil {
			one.Key = *key
		}
		if metres != nil {
			one.Metres = *metres
		}
		if fields != nil {
			if err := json.Unmarshal(fields, &one.Fields); err != nil {
				return lang.Errorf("sample of a preview: %w", err)
			}
			p.target.hidePrivate(one.Fields)
		}
		groups[what].Sample = append(groups[what].Sample, one)
		return nil
	})
	return err
}

// names are those of the columns that the file has, in the order of «mine» and «theirs» behind the geometry.
func (t *target) names(present []bool) []string {
	var list []string
	for n, c := range t.Columns {
		if present[n] {
			list = append(list, c.Name)
		}
	}
	return list
}
