package merge

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"

	"yizhan/geo"
	"yizhan/importer"
	"yizhan/importer/crs"
	"yizhan/importer/format"
	"yizhan/internal/lang"
	"yizhan/internal/pg"
	"yizhan/sql"
)

// kept is what applying must know of a preview beside its report.
type kept struct {
	Mode           Mode
	Present        []bool
	Refused        []importer.Refused
	Terms          string   // under which rows were judged, see target.terms; "" of a preview by an older program
	City           *crs.Box // within which they had to lie; nil for anywhere
	Staged         int64
	Skipped        int64
	System         string
	Transformation string
	Accuracy       *float64
}

// Preview reads and judges a file and keeps its rows until they are applied or
// discarded. On an error the preview has failed and nothing of it is kept.
func (s *Imports) Preview(ctx context.Context, id int64, layer geo.LayerName, file *format.File,
	o Options) (*Preview, error) {
	o.DryRun = true
	asked, err := newOrder(file, o)
	if err != nil {
		return nil, err
	}
	done := outcome{work: &work{tables: keptTables(id), order: asked}}
	p, err := pg.Attended(ctx, s.db, func(ctx context.Context) (*Preview, error) {
		err := pgx.BeginFunc(ctx, s.db.Owner, func(tx pgx.Tx) error { return done.makeKept(ctx, tx, id, layer) })
		if err == nil {
			err = pgx.BeginTxFunc(ctx, s.db.Owner, pgx.TxOptions{IsoLevel: pgx.RepeatableRead}, func(tx pgx.Tx) error {
				return done.keep(ctx, tx, id, layer)
			})
		}
		if err != nil {
			return nil, done.target.failure(err)
		}
		return s.ReadPreview(ctx, id)
	})
	if err == nil || errors.Is(err, pg.ErrSilent) { // it is cleaned up when the server answers again
		return p, err
	}
	why := lang.BothOf(err)
	if done.target != nil && done.personal() {
		why = lang.Bothf("the reason is not kept for a layer of persons")
	}
	return nil, errors.Join(err, s.failPreview(context.WithoutCancel(ctx), id, why))
}

// makeKept makes the tables of a preview, in a transaction of its own: whatever
// ends the program or the server later, the catalogue knows them, and they are
// cleaned up.
func (d *outcome) makeKept(ctx context.Context, tx pgx.Tx, id int64, name geo.LayerName) (err error) {
	if d.order.Create != nil {
		return lang.Errorf("a preview cannot create a layer; omit create, or use \"yizhan import --create\": %w",
			geo.ErrInvalid)
	}
	if d.target, err = findTarget(ctx, tx, name); err != nil { // before the lock: it may have to wait
		return err
	}
	p, err := lockPreview(ctx, tx, id)
	if err != nil {
		return err
	}
	if p.State != Reading {
		return discardedMeanwhile(id)
	}
	d.columns = d.target.staged()
	for _, one := range []string{"queries/import_stage_kept.sql", "queries/preview_stage_aside.sql"} {
		if _, err := tx.Exec(ctx, d.statement(one)); err != nil {
			return err
		}
	}
	return nil
}

func discardedMeanwhile(id int64) error {
	return lang.Errorf("import %d was discarded while it was being read: %w", id, geo.ErrConflict)
}

// keep reads the file and keeps what was found.
func (d *outcome) keep(ctx context.Context, tx pgx.Tx, id int64, layer geo.LayerName) error {
	if _, err := tx.Exec(ctx, sql.Text("queries/preview_lock.sql"), id); err != nil {
		return err
	}
	if err := d.run(ctx, tx, layer); err != nil {
		return err
	}
	d.staged.report.Took = time.Since(d.order.started)
	report, err := json.Marshal(d.staged.report)
	if err != nil {
		return lang.Errorf("preview: %w", err)
	}
	k, err := d.terms(ctx)
	if err != nil {
		return err
	}
	settings, err := json.Marshal(k)
	if err != nil {
		return lang.Errorf("preview: %w", err)
	}
	kept, err := tx.Exec(ctx, sql.Text("queries/preview_keep.sql"), id, report, settings)
	var answer *pgconn.PgError
	if err == nil && kept.RowsAffected() == 0 || errors.As(err, &answer) && answer.Code == serializationFailure {
		err = discardedMeanwhile(id)
	}
	return err
}

// terms are what applying must know of the preview beside its report.
func (d *outcome) terms(ctx context.Context) (kept, error) {
	rows, err := d.settled().number(ctx, "queries/import_staged.sql")
	if err != nil {
		return kept{}, err
	}
	terms, err := d.work.terms(ctx)
	return kept{
		Mode: d.order.mode(), Present: d.staged.report.Present, Refused: d.staged.report.Refused,
		Terms: terms, City: d.target.City, Staged: rows, Skipped: d.staged.skipped,
		System: d.placed.Name, Transformation: d.placed.transformation, Accuracy: d.placed.accuracy,
	}, err
}

// serializationFailure: a row was changed that the transaction sees as it was.
const serializationFailure = "40001"

// terms are what rows are judged by beside the rows of the layer: its table, key and
// place, the columns with what they take, and the table's rules.
func (w *work) terms(ctx context.Context) (string, error) {
	var relation int64
	if err := w.tx.QueryRow(ctx, sql.Text("queries/preview_relation.sql"), w.target.relation).Scan(&relation); err != nil {
		return "", err
	}
	t, l := w.target, w.target.Layer
	var b strings.Builder
	fmt.Fprintf(&b, "table %d; id %s; key %s; %s %s %v %s; facet %s; spacing %g;", relation, l.IDColumn, l.KeyColumn,
		l.Kind, l.GeomColumn, t.Multi, t.force, l.Facet, l.Spacing)
	for n, c := range t.columns {
		fmt.Fprintf(&b, " %s %s %v %s %v", t.Columns[n].Name, c.declared, c.notNull, c.standard, t.Columns[n].Values)
		for _, one := range t.Columns[n].Categories {
			fmt.Fprintf(&b, " %q", one.Value)
		}
		b.WriteByte(';')
	}
	for _, r := range t.rules {
		fmt.Fprintf(&b, " %s %s;", r.name, r.expression)
	}
	return b.String(), nil
}

// failPreview takes the tables of a preview away and notes why there is none.
func (s *Imports) failPreview(ctx context.Context, id int64, why lang.Label) error {
	kept, err := json.Marshal(why)
	if err != nil {
		return lang.Errorf("import %d: %w", id, err)
	}
	_, err = pg.Prompt(ctx, func(ctx context.Context) (struct{}, error) {
		return struct{}{}, pgx.BeginFunc(ctx, s.db.Owner, func(tx pgx.Tx) error {
			p, err := lockPreview(ctx, tx, id)
			if err != nil || p.State == Previewed || p.State == Applied { // it stands: only its answer was lost
				return err
			}
			if _, err := tx.Exec(ctx, sql.Text("queries/preview_fail.sql"), id, string(kept)); err != nil {
				return err
			}
			return unstage(ctx, tx, keptTables(id).names()...)
		})
	})
	return pg.Describe(err)
}
