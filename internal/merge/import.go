package merge

import (
	"context"
	"errors"
	"time"

	"github.com/jackc/pgx/v5"

	"yizhan/geo"
	"yizhan/importer"
	"yizhan/importer/crs"
	"yizhan/importer/record"
	"yizhan/importer/settings"
	"yizhan/internal/lang"
	"yizhan/internal/ledger"
	"yizhan/internal/pg"
	"yizhan/sql"
)

// analyzeFrom is from how many changed rows on the statistics of a table are renewed.
const analyzeFrom = 20_000

// Import brings a file into a layer, in one transaction: all of its good features
// or, on an error, nothing. Rows that do not differ are not written. Another
// import of the same layer is ErrConflict; a file whose coordinates are not
// decided is ErrInvalid with a *crs.Question.
//
// A dry run does the same and rolls it back; its report says what would change.
func (s *Imports) Import(ctx context.Context, name geo.LayerName, file *record.File,
	o Options) (*importer.Report, error) {
	asked, err := newOrder(file, o)
	if err != nil {
		return nil, err
	}
	return pg.Attended(ctx, s.db, func(ctx context.Context) (*importer.Report, error) {
		return s.load(ctx, name, asked)
	})
}

func (s *Imports) load(ctx context.Context, name geo.LayerName, asked order) (*importer.Report, error) {
	done := outcome{work: &work{tables: temporaryTables(), order: asked}}
	err := pgx.BeginFunc(ctx, s.db.Owner, func(tx pgx.Tx) error {
		if err := done.run(ctx, tx, name); err != nil {
			return err
		}
		if asked.DryRun {
			return errDry
		}
		return nil
	})
	switch {
	case errors.Is(err, ErrStrict):
		return done.staged.report, err
	case err != nil && !errors.Is(err, errDry):
		return nil, done.target.failure(err)
	}
	done.staged.report.Took = time.Since(asked.started)
	return done.staged.report, s.freshStatistics(ctx, done)
}

// ErrStrict: rows were rejected, and all or none were wanted. The report comes with it.
var ErrStrict = lang.Errorf("rows were rejected and --strict was given: %w", geo.ErrInvalid)

// errDry rolls back what a dry run has done.
var errDry = errors.New("a dry run")

// freshStatistics lets the planner of queries know of a large change.
func (s *Imports) freshStatistics(ctx context.Context, done outcome) error {
	r := done.staged.report
	if done.order.DryRun || r.Inserted+r.Updated+r.Deleted < analyzeFrom {
		return nil
	}
	err := pgx.BeginFunc(ctx, s.db.Owner, func(tx pgx.Tx) error {
		if _, err := tx.Exec(ctx, sql.Text("queries/import_analyze_light.sql")); err != nil {
			return err
		}
		_, err := tx.Exec(ctx, sql.Statement("queries/import_analyze.sql", sql.Words{"layer": done.target.relation}))
		return err
	})
	if err != nil {
		return pg.Describe(lang.Errorf("update statistics of layer %q: %w", done.target.Layer.Name, err))
	}
	return nil
}

// outcome is an import as far as it came: each stage is there once it was reached.
type outcome struct {
	*work
	schema *importer.Schema // of a layer that was created; nil for none
	placed *placed
	staged *staged
}

// settled are the staged rows.
func (d *outcome) settled() settled { return settled{d.work, d.staged} }

// run takes a file through the stages: the target, how the file is placed, its staged rows,
// and what is applied of them or, in a dry run, would be.
func (d *outcome) run(ctx context.Context, tx pgx.Tx, name geo.LayerName) error {
	d.tx = tx
	if err := ledger.Lock(ctx, tx, name); err != nil {
		return err
	}
	batch, err := beginBatch(ctx, tx, d.order.Actor)
	if err != nil {
		return err
	}
	if err := d.aim(ctx, name); err != nil {
		return err
	}
	if d.placed, err = d.work.place(ctx); err != nil {
		return err
	}
	if d.staged, err = d.work.stage(ctx, d.placed); err != nil {
		return err
	}
	d.describe(batch)
	if d.order.DryRun {
		return (&comparing{d.settled()}).changes(ctx)
	}
	if err := d.refuseStrict(); err != nil {
		return err
	}
	if err := (&applying{d.settled()}).apply(ctx); err != nil {
		return err
	}
	return d.finish(ctx, batch)
}

// aim finds the layer, or creates it, and reads what must be known of it.
func (d *outcome) aim(ctx context.Context, name geo.LayerName) (err error) {
	if d.order.Create != nil {
		made := creation{tx: d.tx, order: d.order}
		if d.schema, err = made.create(ctx, name); err != nil {
			return err
		}
		d.order.mapping = made.mapping(d.schema)
	}
	if d.target, err = findTarget(ctx, d.tx, name); err != nil {
		return err
	}
	if !settings.Value(d.order.Anywhere) {
		city, err := readCity(ctx, d.tx)
		if err != nil {
			return err
		}
		d.target.City = &city
	}
	return d.target.mapFields(d.order.mapping)
}

// describe fills in what the report says of the file and how it was read.
func (d *outcome) describe(batch int64) {
	r := d.staged.report
	r.Batch, r.Mode, r.Schema = batch, string(d.order.mode()), d.schema
	r.System, r.SystemBy = d.placed.Named(), d.placed.How
	r.Warnings = append(r.Warnings, d.placed.Warnings...)
	if !d.order.DryRun {
		return
	}
	r.Batch, r.Sample = 0, d.placed.sample
	if d.personal() {
		r.Sample = d.placed.sample.Personal()
	}
}

// refuseStrict refuses a file with rejected rows where the planner wants that.
func (d *outcome) refuseStrict() error {
	r := d.staged.report
	if settings.Value(d.order.Strict) && r.Rejected > 0 {
		return lang.Errorf("%s: %d of %d rows were rejected, so nothing was imported: %w", r.Source, r.Rejected, r.Read,
			ErrStrict)
	}
	return nil
}

// finish writes the import into the ledger's list of imports.
func (d *outcome) finish(ctx context.Context, batch int64) error {
	r := d.staged.report
	return d.tx.QueryRow(ctx, sql.Text("queries/import_finish.sql"),
		batch, string(d.target.Layer.Name), r.Source, r.SHA256, d.order.Actor, d.order.started,
		r.Read, r.Inserted, r.Updated, r.Unchanged, r.Rejected, string(d.order.mode()), r.Deleted, r.Repaired, r.Format,
		d.placed.Name, d.placed.transformation, d.placed.accuracy).Scan(&r.Version)
}

// place decides how the coordinates of the file become longitude and latitude. Of a layer
// of persons nothing is said of where they are.
func (w *work) place(ctx context.Context) (*placed, error) {
	p, err := locate(ctx, w)
	if !w.personal() {
		return p, err
	}
	if question := (*crs.Question)(nil); errors.As(err, &question) {
		return nil, lang.Errorf("%s: %w", w.order.file.Name, question.Redacted())
	}
	if err != nil {
		return nil, err
	}
	p.How = crs.Redact(p.How)
	for n := range p.Warnings {
		p.Warnings[n] = crs.Redact(p.Warnings[n])
	}
	return p, nil
}
