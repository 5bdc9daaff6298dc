package merge

import (
	"context"
	"time"

	"github.com/jackc/pgx/v5"

	"yizhan/geo"
	"yizhan/importer"
	"yizhan/importer/crs"
	"yizhan/internal/lang"
	"yizhan/internal/ledger"
	"yizhan/internal/pg"
	"yizhan/sql"
)

// applyPatience is how long applying waits for writers of the layer.
const applyPatience = "10s"

// Apply does exactly what a preview said, in one transaction. It is ErrConflict
// when the layer has changed since, or when the preview's rows are gone.
func (s *Imports) Apply(ctx context.Context, id int64, actor string) (*importer.Report, error) {
	return pg.Attended(ctx, s.db, func(ctx context.Context) (*importer.Report, error) {
		return s.applyKept(ctx, id, actor)
	})
}

func (s *Imports) applyKept(ctx context.Context, id int64, actor string) (*importer.Report, error) {
	asked := order{Options: Options{Actor: actor}, started: time.Now()}
	done := outcome{work: &work{tables: keptTables(id), order: asked}}
	err := pgx.BeginFunc(ctx, s.db.Owner, func(tx pgx.Tx) error { return done.applyPreview(ctx, tx, id) })
	if err != nil {
		return nil, done.target.failure(err)
	}
	done.staged.report.Took = time.Since(asked.started)
	return done.staged.report, s.freshStatistics(ctx, done)
}

func (d *outcome) applyPreview(ctx context.Context, tx pgx.Tx, id int64) error {
	p, err := lockPreview(ctx, tx, id)
	if err != nil {
		return err
	}
	if p.State != Previewed {
		return lang.Errorf("import %d is in state %q and cannot be applied; upload the file again: %w", id, p.State,
			geo.ErrConflict)
	}
	if err := ledger.Lock(ctx, tx, p.Layer); err != nil {
		return err
	}
	if err := d.resume(ctx, tx, p); err != nil {
		return err
	}
	if err := d.asPreviewed(ctx, p); err != nil {
		return err
	}
	batch, err := beginBatch(ctx, tx, d.order.Actor)
	if err != nil {
		return err
	}
	if err := (&applying{d.settled()}).apply(ctx); err != nil {
		return err
	}
	d.staged.report.Batch, d.staged.report.Changes = batch, nil
	if err := d.finish(ctx, batch); err != nil {
		return err
	}
	return endPreview(ctx, tx, id, Applied, &batch)
}

// resume takes up the import where its preview left it: placed, with its rows staged.
func (d *outcome) resume(ctx context.Context, tx pgx.Tx, p waiting) (err error) {
	d.tx = tx
	if d.order.Actor == "" {
		d.order.Actor = p.Actor
	}
	d.order.Mode = new(string(p.kept.Mode))
	d.placed = &placed{
		Placement:      crs.Placement{System: crs.System{Name: p.kept.System}},
		transformation: p.kept.Transformation, accuracy: p.kept.Accuracy,
	}
	p.Report.Present, p.Report.Refused = p.kept.Present, p.kept.Refused
	d.staged = &staged{report: p.Report, skipped: p.kept.Skipped}
	d.target, err = findTarget(ctx, tx, p.Layer)
	return err
}

// asPreviewed keeps writers out, and refuses when the preview is no longer what would happen.
func (d *outcome) asPreviewed(ctx context.Context, p waiting) error {
	if _, err := d.tx.Exec(ctx, sql.Text("queries/preview_patience.sql"), applyPatience); err != nil {
		return err
	}
	if _, err := d.tx.Exec(ctx, d.statement("queries/preview_lock_table.sql")); err != nil {
		return err
	}
	if err := d.sameTerms(ctx, p.kept); err != nil {
		return err
	}
	if err := d.complete(ctx, p.kept); err != nil {
		return err
	}
	return (&overtaking{d.settled()}).refuse(ctx, p)
}

// sameTerms refuses when rows would be judged by other terms than those of the preview.
func (d *outcome) sameTerms(ctx context.Context, k kept) (err error) {
	name := d.target.Layer.Name
	if d.target, err = findTarget(ctx, d.tx, name); err != nil {
		return err
	}
	terms, err := d.work.terms(ctx)
	if err != nil {
		return err
	}
	city, err := readCity(ctx, d.tx)
	if err != nil {
		return err
	}
	if terms != k.Terms || k.City != nil && *k.City != city {
		return lang.Errorf("the fields or rules of layer %q have changed since the preview; upload the file again: %w",
			name, geo.ErrConflict)
	}
	return nil
}

// complete refuses when staged rows are missing.
func (d *outcome) complete(ctx context.Context, k kept) error {
	var there bool
	if err := d.tx.QueryRow(ctx, sql.Text("queries/preview_there.sql"), d.tables.staging).Scan(&there); err != nil {
		return err
	}
	staged := int64(-1)
	if there {
		var err error
		if staged, err = d.settled().number(ctx, "queries/import_staged.sql"); err != nil {
			return err
		}
	}
	if staged != k.Staged {
		return lang.Errorf("the rows of the preview were lost; upload the file again: %w", geo.ErrConflict)
	}
	return nil
}
