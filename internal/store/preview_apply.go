package store

import (
	"context"
	"time"

	"github.com/jackc/pgx/v5"

	"yizhan/geo"
	"yizhan/importer"
	"yizhan/importer/crs"
	"yizhan/internal/lang"
	"yizhan/sql"
)

// applyPatience is how long applying waits for writers of the layer.
const applyPatience = "10s"

// Apply does exactly what a preview said, in one transaction. It is ErrConflict
// when the layer has changed since, or when the preview's rows are gone.
func (s *Store) Apply(ctx context.Context, id int64, actor string) (*importer.Report, error) {
	return attended(ctx, s, func(ctx context.Context) (*importer.Report, error) { return s.applyKept(ctx, id, actor) })
}

func (s *Store) applyKept(ctx context.Context, id int64, actor string) (*importer.Report, error) {
	i := &importing{started: time.Now(), staging: keptStaging(id), aside: keptAside(id), options: ImportOptions{Actor: actor}}
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
		return lang.Errorf("import %d is %s and cannot be applied; upload the file again: %w", id, state, geo.ErrConflict)
	}
	if err := i.lock(ctx, p.Layer); err != nil {
		return err
	}
	if err := i.takeUp(ctx, p, k); err != nil {
		return err
	}
	if err := i.asPreviewed(ctx, id, k, seen); err != nil {
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
	i.options.Mode, i.skipped, i.report = new(string(k.Mode)), k.Skipped, p.Report
	i.report.Present, i.report.Refused = k.Present, k.Refused
	i.place = &placed{Placement: crs.Placement{System: crs.System{Name: k.System}}, transformation: k.Transformation, accuracy: k.Accuracy}
	return i.readTarget(ctx, p.Layer)
}

// readTarget reads what the layer is at present.
func (i *importing) readTarget(ctx context.Context, name geo.LayerName) error {
	layer, err := i.layer(ctx, name)
	if err == nil {
		i.target, err = importTarget(ctx, i.tx, layer)
	}
	return err
}

// sameTerms refuses when rows would be judged by other terms than those of the preview.
func (i *importing) sameTerms(ctx context.Context, k kept) error {
	name := i.target.Layer.Name
	if err := i.readTarget(ctx, name); err != nil {
		return err
	}
	terms, err := i.terms(ctx)
	if err != nil {
		return err
	}
	var city crs.Box
	if err := i.tx.QueryRow(ctx, sql.Text("queries/city.sql")).Scan(&city.West, &city.South, &city.East, &city.North); err != nil {
		return err
	}
	if terms != k.Terms || k.City != nil && *k.City != city {
		return lang.Errorf("the fields or the rules of layer %q are no longer those of the preview; upload the file again: %w", name, geo.ErrConflict)
	}
	return nil
}

// asPreviewed keeps writers out, and refuses when the preview is no longer what would happen.
func (i *importing) asPreviewed(ctx context.Context, id int64, k kept, seen string) error {
	if _, err := i.tx.Exec(ctx, sql.Text("queries/preview_patience.sql"), applyPatience); err != nil {
		return err
	}
	if _, err := i.tx.Exec(ctx, i.target.statement("queries/preview_lock_table.sql", i.staging, nil)); err != nil {
		return err
	}
	if err := i.sameTerms(ctx, k); err != nil {
		return err
	}
	if err := i.complete(ctx, k); err != nil {
		return err
	}
	return i.refuseOvertaken(ctx, id, seen)
}

// complete refuses when staged rows are missing.
func (i *importing) complete(ctx context.Context, k kept) error {
	var there bool
	if err := i.tx.QueryRow(ctx, sql.Text("queries/preview_there.sql"), i.staging).Scan(&there); err != nil {
		return err
	}
	staged := int64(-1)
	if there {
		var err error
		if staged, err = i.number(ctx, "queries/import_staged.sql"); err != nil {
			return err
		}
	}
	if staged != k.Staged {
		return lang.Errorf("the rows of the preview were lost; upload the file again: %w", geo.ErrConflict)
	}
	return nil
}
