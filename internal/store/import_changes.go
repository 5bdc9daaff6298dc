package store

import (
	"context"
	"encoding/json"

	"github.com/jackc/pgx/v5"

	"yizhan/geo"
	"yizhan/importer"
	"yizhan/internal/lang"
)

// changes finds out what applying the staged rows would do, without doing it.
func (i *importing) changes(ctx context.Context) error {
	staged, err := i.number(ctx, "queries/import_staged.sql")
	if err != nil {
		return err
	}
	c := &importer.Changes{Fields: map[string]int64{}}
	i.report.Changes = c
	steps := []func(context.Context, *importer.Changes) error{i.changesByRow}
	if i.target.Layer.KeyColumn != "" {
		steps = []func(context.Context, *importer.Changes) error{i.changesByKey, i.changesOfFields, i.changesShown}
	}
	for _, step := range steps {
		if err := step(ctx, c); err != nil {
			return err
		}
	}
	r := i.report
	r.Inserted, r.Deleted = c.Inserted.Rows, c.Deleted.Rows
	c.Unchanged = i.skipped + staged - r.Inserted - r.Updated
	r.Unchanged = c.Unchanged
	return nil
}

// group fills in a group from a row of counts and bounds.
func (i *importing) group(ctx context.Context, file string, g *importer.Group, args ...any) error {
	var west, south, east, north *float64
	if err := i.tx.QueryRow(ctx, i.target.statement(file, i.staging, i.present()), args...).Scan(&g.Rows, &west, &south, &east, &north); err != nil {
		return err
	}
	if west != nil && !i.personal() {
		g.Bounds = &[4]float64{*west, *south, *east, *north}
	}
	return nil
}

func (i *importing) personal() bool { return i.target.Layer.Privacy == geo.Personal }

// changesByRow is for layers without a key.
func (i *importing) changesByRow(ctx context.Context, c *importer.Changes) error {
	file := "queries/preview_new_rows.sql"
	if i.options.mode() == Append {
		file = "queries/preview_all_rows.sql"
	}
	if err := i.group(ctx, file, &c.Inserted); err != nil {
		return err
	}
	if i.options.mode() != Replace {
		return nil
	}
	return i.group(ctx, "queries/preview_gone_rows.sql", &c.Deleted)
}

// changesByKey sorts the staged rows by what would happen to them.
func (i *importing) changesByKey(ctx context.Context, c *importer.Changes) error {
	if _, err := i.tx.Exec(ctx, i.target.statement("queries/preview_compare.sql", i.staging, i.present()), i.target.names(i.present())); err != nil {
		return err
	}
	if err := i.group(ctx, "queries/preview_new.sql", &c.Inserted); err != nil {
		return err
	}
	if err := i.group(ctx, "queries/preview_moved.sql", &c.Moved); err != nil {
		return err
	}
	if err := i.group(ctx, "queries/preview_edited.sql", &c.Edited); err != nil {
		return err
	}
	if err := i.tx.QueryRow(ctx, i.target.statement("queries/preview_distances.sql", i.staging, nil)).Scan(&i.report.Updated, &c.Median, &c.Farthest); err != nil {
		return err
	}
	if i.options.mode() != Replace {
		return nil
	}
	if err := i.knowRefused(); err != nil {
		return err
	}
	return i.group(ctx, "queries/preview_gone.sql", &c.Deleted, i.refusedKeys())
}

// refusedKeys are those of rejected features, whose rows stay in the layer.
func (i *importing) refusedKeys() []string {
	keys := make([]string, len(i.report.Refused))
	for n, one := range i.report.Refused {
		keys[n] = one.Key
	}
	return keys
}

// changesOfFields counts the rows in which each field differs.
func (i *importing) changesOfFields(ctx context.Context, c *importer.Changes) error {
	rows, err := i.tx.Query(ctx, i.target.statement("queries/preview_fields.sql", i.staging, nil))
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
func (i *importing) changesShown(ctx context.Context, c *importer.Changes) error {
	if i.personal() {
		return nil
	}
	groups := map[string]*importer.Group{"inserted": &c.Inserted, "moved": &c.Moved, "edited": &c.Edited, "deleted": &c.Deleted}
	rows, err := i.tx.Query(ctx, i.target.statement("queries/preview_sample.sql", i.staging, i.present()), i.options.mode() == Replace, i.refusedKeys())
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
			i.target.hidePrivate(one.Fields)
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
