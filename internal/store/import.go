package store

import (
	"context"
	"errors"
	"strings"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"

	"yizhan/geo"
	"yizhan/importer"
	"yizhan/importer/crs"
	"yizhan/importer/format"
	"yizhan/importer/settings"
	"yizhan/internal/lang"
	"yizhan/sql"
)

// How long an import waits for another of the same layer, and from how many rows
// on statistics are made anew.
const (
	importPatience = 2 * time.Second
	rebuildFrom    = 20_000
)

// Import brings a file into a layer, in one transaction: all of its good features
// or, on an error, nothing. Rows that do not differ are not written. Another
// import of the same layer is ErrConflict; a file whose coordinates are not
// decided is ErrInvalid with a *crs.Question.
//
// A dry run does the same and takes it all back; its report says what would change.
func (s *Store) Import(ctx context.Context, name geo.LayerName, file *format.File, o ImportOptions) (*importer.Report, error) {
	return attended(ctx, s, func(ctx context.Context) (*importer.Report, error) { return s.bring(ctx, name, file, o) })
}

func (s *Store) bring(ctx context.Context, name geo.LayerName, file *format.File, o ImportOptions) (*importer.Report, error) {
	mapping, err := o.Mapping()
	if err != nil {
		return nil, err
	}
	i := &importing{options: o, mapping: mapping, file: file, started: time.Now(), staging: temporaryStaging}
	err = pgx.BeginFunc(ctx, s.pool, func(tx pgx.Tx) error {
		i.tx = tx
		if err := i.run(ctx, name); err != nil {
			return err
		}
		if o.DryRun {
			return errDry
		}
		return nil
	})
	switch {
	case errors.Is(err, ErrStrict):
		return i.report, err
	case err != nil && !errors.Is(err, errDry):
		return nil, i.failure(err)
	}
	i.report.Took = time.Since(i.started)
	return i.report, s.freshStatistics(ctx, i)
}

// ErrStrict: rows were rejected, and all or none were wanted. The report comes with it.
var ErrStrict = lang.Errorf("all rows or none were wanted (--strict): %w", geo.ErrInvalid)

// errDry takes back what a dry run has done.
var errDry = errors.New("a dry run")

// freshStatistics lets the planner of queries know of a large change.
func (s *Store) freshStatistics(ctx context.Context, i *importing) error {
	if i.options.DryRun || i.report.Inserted+i.report.Updated+i.report.Deleted < rebuildFrom {
		return nil
	}
	err := pgx.BeginFunc(ctx, s.pool, func(tx pgx.Tx) error {
		if _, err := tx.Exec(ctx, sql.Text("queries/import_analyze_light.sql")); err != nil {
			return err
		}
		_, err := tx.Exec(ctx, sql.Statement("queries/import_analyze.sql", sql.Words{"layer": i.target.relation}))
		return err
	})
	if err != nil {
		return describe(lang.Errorf("statistics of layer %q: %w", i.target.Layer.Name, err))
	}
	return nil
}

// importing is one import under way.
type importing struct {
	tx         pgx.Tx
	options    ImportOptions
	mapping    map[string]string // columns by the file's field, "" for one that is skipped
	file       *format.File
	started    time.Time
	staging    string // relation of the staged rows, quoted
	columns    string // of a staging table that is there already
	aside      string // relation of the features set aside in a preview, quoted; "" for none
	target     *target
	sample     *importer.Sample
	schema     *importer.Schema // of a layer that was created; nil for none
	place      *placed
	report     *importer.Report
	skipped    int64 // rows that are in the layer as they are, and were not staged
	filled     bool  // the rows went straight into the layer
	nothingNew bool  // the layer has the key of every staged row
}

func (i *importing) run(ctx context.Context, name geo.LayerName) error {
	if err := i.lock(ctx, name); err != nil {
		return err
	}
	var batch int64
	if err := i.tx.QueryRow(ctx, sql.Text("queries/import_begin.sql"), i.options.Actor).Scan(&batch); err != nil {
		return err
	}
	if err := i.prepare(ctx, name); err != nil {
		return err
	}
	if err := i.bring(ctx); err != nil {
		return err
	}
	i.describe(batch)
	if i.options.DryRun {
		return i.changes(ctx)
	}
	if err := i.refuseStrict(); err != nil {
		return err
	}
	if err := i.apply(ctx); err != nil {
		return err
	}
	return i.finish(ctx, batch)
}

// prepare reads what must be known of layer and file before the first row; a layer
// that is to be created is.
func (i *importing) prepare(ctx context.Context, name geo.LayerName) error {
	layer, err := i.layer(ctx, name)
	if err != nil {
		return err
	}
	if i.target, err = importTarget(ctx, i.tx, layer); err != nil {
		return err
	}
	if err := i.target.mapFields(i.mapping); err != nil {
		return err
	}
	i.place, err = i.locate(ctx)
	if question := (*crs.Question)(nil); errors.As(err, &question) && i.personal() {
		return lang.Errorf("%s: %w", i.file.Name, question.Redacted())
	}
	if err == nil {
		i.discreetly(i.place)
	}
	return err
}

// layer finds the layer, or creates it.
func (i *importing) layer(ctx context.Context, name geo.LayerName) (geo.Layer, error) {
	if i.options.Create != nil {
		if err := i.create(ctx, name); err != nil {
			return geo.Layer{}, err
		}
	}
	layers, err := ReadLayers(ctx, i.tx)
	if err != nil {
		return geo.Layer{}, err
	}
	l, err := geo.Find(layers, name)
	if err != nil {
		err = lang.Errorf("%.160s; to make one from this file, use --create %s: %w", strings.TrimSuffix(err.Error(), ": "+geo.ErrNotFound.Error()), name, geo.ErrNotFound)
	}
	return l, err
}

// describe fills in what the report says of the file and how it was read.
func (i *importing) describe(batch int64) {
	r := i.report
	r.Batch, r.Mode, r.Schema = batch, string(i.options.mode()), i.schema
	r.System, r.SystemBy = i.place.Named(), i.place.How
	r.Warnings = append(r.Warnings, i.place.Warnings...)
	if !i.options.DryRun {
		return
	}
	r.Batch, r.Sample = 0, i.sample
	if i.personal() {
		r.Sample = i.sample.Personal()
	}
}

// discreetly takes every place out of what is said of a layer of persons.
func (i *importing) discreetly(p *placed) {
	if !i.personal() {
		return
	}
	p.How = crs.Redact(p.How)
	for n := range p.Warnings {
		p.Warnings[n] = crs.Redact(p.Warnings[n])
	}
}

// refuseStrict refuses a file with rejected rows where the planner wants that.
func (i *importing) refuseStrict() error {
	if settings.Value(i.options.Strict) && i.report.Rejected > 0 {
		return lang.Errorf("%s: %d of %d rows were rejected, so nothing was imported: %w", i.report.Source, i.report.Rejected, i.report.Read, ErrStrict)
	}
	return nil
}

// finish writes the import into the ledger of imports.
func (i *importing) finish(ctx context.Context, batch int64) error {
	r := i.report
	return i.tx.QueryRow(ctx, sql.Text("queries/import_finish.sql"), batch, string(i.target.Layer.Name), r.Source, r.SHA256, i.options.Actor, i.started,
		r.Read, r.Inserted, r.Updated, r.Unchanged, r.Rejected, string(i.options.mode()), r.Deleted, r.Repaired, r.Format,
		i.place.Name, i.place.transformation, i.place.accuracy).Scan(&r.Version)
}

// lock keeps other imports of the layer out until the transaction ends.
func (i *importing) lock(ctx context.Context, layer geo.LayerName) error {
	if _, err := i.tx.Exec(ctx, sql.Text("queries/import_client.sql")); err != nil {
		return err
	}
	for end := time.Now().Add(importPatience); ; {
		var had bool
		if err := i.tx.QueryRow(ctx, sql.Text("queries/import_lock.sql"), string(layer)).Scan(&had); err != nil {
			return err
		}
		if had {
			return nil
		}
		if time.Now().After(end) {
			break
		}
		select {
		case <-ctx.Done():
			return ctx.Err()
		case <-time.After(100 * time.Millisecond):
		}
	}
	var who, since string
	if err := i.tx.QueryRow(ctx, sql.Text("queries/import_holder.sql"), string(layer)).Scan(&who, &since); err != nil {
		return lang.Errorf("another import into layer %q is running; try again when it is done: %w", layer, geo.ErrConflict)
	}
	return lang.Errorf("another import into layer %q (%s, since %s) is running; try again when it is done: %w", layer, who, since, geo.ErrConflict)
}

// failure says what the ledger refused. Of its message only as much is passed on
// as cannot hold a value of a personal layer.
func (i *importing) failure(err error) error {
	var answer *pgconn.PgError
	if !errors.As(err, &answer) || answer.Code[:2] != "22" && answer.Code[:2] != "23" {
		return describe(err)
	}
	said := answer.Message
	if i.target != nil && i.target.hidesValues() {
		said = "a rule of the table"
		if answer.ConstraintName != "" {
			said = "rule " + answer.ConstraintName
		}
	}
	if answer.Code == "23505" {
		return lang.Errorf("a value that must be unique is in the layer already, or somebody added it just now; nothing was imported: %s: %w", said, geo.ErrConflict)
	}
	return lang.Errorf("the ledger refused the rows, and nothing was imported: %s: %w", said, geo.ErrInvalid)
}
