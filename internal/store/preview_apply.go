package store

import (
	"context"
	"fmt"
	"time"

	"github.com/jackc/pgx/v5"

	"yizhan/geo"
	"yizhan/importer"
	"yizhan/importer/crs"
	"yizhan/sql"
)

// applyPatience is how long applying waits for writers of the layer.
const applyPatience = "10s"

// Apply does exactly what a preview said, in one transaction. It is ErrConflict
// when the layer has changed since, or when the preview's rows are gone.
func (s *Store) Apply(ctx context.Context, id int64, actor string) (*importer.Report, error) {
	i := &importing{started: time.Now(), staging: keptStaging(id), options: ImportOptions{Actor: actor}}
	err := pgx.BeginFunc(ctx, s.pool, func(tx pgx.Tx) error {
		i.tx = tx
		return i.applyPreview(ctx, id)
	})
	if err != nil {
		return nil, i.failure(err)
	}
	i.report.Took = time.Since(i.started)
	return i.report, s.freshStatistics(ctx, i)
}

func (i *importing) applyPreview(ctx context.Context, id int64) error {
	state, p, k, seen, err := lockPreview(ctx, i.tx, id)
	if err != nil {
		return err
	}
	if state != Previewed {
		return fmt.Errorf("import %d is %s and cannot be applied; upload the file again: %w", id, state, geo.ErrConflict)
	}
	if err := i.lock(ctx, p.Layer); err != nil {
		return err
	}
	if err := i.takeUp(ctx, p, k); err != nil {
		return err
	}
	if err := i.asPreviewed(ctx, k, seen); err != nil {
		return err
	}
	var batch int64
	if err := i.tx.QueryRow(ctx, sql.Text("queries/import_begin.sql"), i.options.Actor).Scan(&batch); err != nil {
		return err
	}
	if err := i.apply(ctx); err != nil {
		return err
	}
	i.report.Batch, i.report.Changes = batch, nil
	if err := i.finish(ctx, batch); err != nil {
		return err
	}
	return endPreview(ctx, i.tx, id, Applied, &batch)
}

// takeUp puts the import together again as it was when it was previewed.
func (i *importing) takeUp(ctx context.Context, p Preview, k kept) error {
	if i.options.Actor == "" {
		i.options.Actor = p.Actor
	}
	i.options.Mode, i.skipped, i.report = k.Mode, k.Skipped, p.Report
	i.report.Present, i.report.Refused = k.Present, k.Refused
	i.place = &placed{Placement: crs.Placement{System: crs.System{Name: k.System}}, transformation: k.Transformation, accuracy: k.Accuracy}
	layer, err := i.layer(ctx, p.Layer)
	if err != nil {
		return err
	}
	i.target, err = importTarget(ctx, i.tx, layer)
	if err == nil && i.target.signature() != k.Columns {
		err = fmt.Errorf("the fields of layer %q have changed since the preview; upload the file again: %w", p.Layer, geo.ErrConflict)
	}
	return err
}

// asPreviewed keeps writers out, and refuses when somebody wrote since the preview.
func (i *importing) asPreviewed(ctx context.Context, k kept, seen string) error {
	if _, err := i.tx.Exec(ctx, sql.Text("queries/preview_patience.sql"), applyPatience); err != nil {
		return err
	}
	if _, err := i.tx.Exec(ctx, i.target.statement("queries/preview_lock_table.sql", i.staging, nil)); err != nil {
		return err
	}
	layer := i.target.Layer.Name
	rows, err := i.tx.Query(ctx, sql.Text("queries/preview_since.sql"), string(layer), seen)
	if err != nil {
		return err
	}
	var who, when string
	var changed bool
	if _, err := pgx.ForEachRow(rows, []any{&who, &when}, func() error {
		changed = true
		return nil
	}); err != nil {
		return err
	}
	if changed {
		return fmt.Errorf("layer %q has been changed since the preview (last by %s at %s), so what was previewed is no longer what would happen; upload the file again: %w",
			layer, who, when, geo.ErrConflict)
	}
	var there bool
	if err := i.tx.QueryRow(ctx, sql.Text("queries/preview_there.sql"), i.staging).Scan(&there); err != nil {
		return err
	}
	var staged int64
	if there {
		if staged, err = i.number(ctx, "queries/import_staged.sql"); err != nil {
			return err
		}
	}
	if !there || staged != k.Staged {
		return fmt.Errorf("the rows of the preview were lost when the database server stopped; upload the file again: %w", geo.ErrConflict)
	}
	return nil
}

// CleanPreviews takes away what interrupted imports have left behind, and previews
// that nobody applied for a week; it says how many of each.
func (s *Store) CleanPreviews(ctx context.Context) (interrupted, expired int64, err error) {
	err = pgx.BeginFunc(ctx, s.pool, func(tx pgx.Tx) error {
		rows, err := tx.Query(ctx, sql.Text("queries/preview_stale.sql"))
		if err != nil {
			return err
		}
		type stale struct {
			id          int64
			interrupted bool
		}
		list, err := pgx.CollectRows(rows, func(row pgx.CollectableRow) (one stale, err error) {
			return one, row.Scan(&one.id, &one.interrupted)
		})
		if err != nil {
			return err
		}
		for _, one := range list {
			state := Discarded
			if one.interrupted {
				state = Failed
				interrupted++
			} else {
				expired++
			}
			if err := endPreview(ctx, tx, one.id, state, nil); err != nil {
				return err
			}
		}
		return nil
	})
	return interrupted, expired, describe(err)
}
