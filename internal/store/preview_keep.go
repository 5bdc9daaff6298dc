package store

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
func (s *Store) Preview(ctx context.Context, id int64, layer geo.LayerName, file *format.File, o ImportOptions) (*Preview, error) {
	o.DryRun = true
	mapping, err := o.Mapping()
	if err != nil {
		return nil, err
	}
	i := &importing{options: o, mapping: mapping, file: file, started: time.Now(), staging: keptStaging(id), aside: keptAside(id)}
	p, err := attended(ctx, s, func(ctx context.Context) (*Preview, error) {
		err := pgx.BeginFunc(ctx, s.pool, func(tx pgx.Tx) error {
			i.tx = tx
			return i.makeKept(ctx, id, layer)
		})
		if err == nil {
			err = pgx.BeginTxFunc(ctx, s.pool, pgx.TxOptions{IsoLevel: pgx.RepeatableRead}, func(tx pgx.Tx) error {
				i.tx = tx
				return i.keepPreview(ctx, id, layer)
			})
		}
		if err != nil {
			return nil, i.failure(err)
		}
		return s.ReadPreview(ctx, id)
	})
	if err == nil || errors.Is(err, errSilent) { // it is cleaned up when the server answers again
		return p, err
	}
	why := err.Error()
	if i.target != nil && i.personal() {
		why = "the reason is not kept for a layer of persons"
	}
	return nil, errors.Join(err, s.failPreview(context.WithoutCancel(ctx), id, why))
}

// makeKept makes the tables of a preview, in a transaction of its own: whatever
// ends the program or the server later, the catalogue knows them, and they are
// cleaned up.
func (i *importing) makeKept(ctx context.Context, id int64, name geo.LayerName) error {
	if i.options.Create != nil {
		return lang.Errorf("a new layer is made by an import that is applied at once; leave out create, or use yizhan import --create: %w", geo.ErrInvalid)
	}
	if err := i.readTarget(ctx, name); err != nil { // before the lock: it may have to wait
		return err
	}
	state, _, _, _, err := lockPreview(ctx, i.tx, id)
	if err != nil {
		return err
	}
	if state != Reading {
		return discardedMeanwhile(id)
	}
	i.columns = i.target.staged()
	for _, one := range []string{i.target.statement("queries/import_stage_kept.sql", i.staging, nil), i.asideStatement("queries/preview_stage_aside.sql")} {
		if _, err := i.tx.Exec(ctx, one); err != nil {
			return err
		}
	}
	return nil
}

func discardedMeanwhile(id int64) error {
	return lang.Errorf("import %d was discarded while it was being read: %w", id, geo.ErrConflict)
}

func (i *importing) keepPreview(ctx context.Context, id int64, layer geo.LayerName) error {
	if _, err := i.tx.Exec(ctx, sql.Text("queries/preview_lock.sql"), id); err != nil {
		return err
	}
	if err := i.run(ctx, layer); err != nil {
		return err
	}
	i.report.Took = time.Since(i.started)
	staged, err := i.number(ctx, "queries/import_staged.sql")
	if err != nil {
		return err
	}
	terms, err := i.terms(ctx)
	if err != nil {
		return err
	}
	report, err := json.Marshal(i.report)
	if err != nil {
		return lang.Errorf("preview: %w", err)
	}
	settings, err := json.Marshal(kept{i.options.mode(), i.report.Present, i.report.Refused, terms, i.target.City, staged, i.skipped,
		i.place.Name, i.place.transformation, i.place.accuracy})
	if err != nil {
		return lang.Errorf("preview: %w", err)
	}
	kept, err := i.tx.Exec(ctx, sql.Text("queries/preview_keep.sql"), id, report, settings)
	var answer *pgconn.PgError
	if err == nil && kept.RowsAffected() == 0 || errors.As(err, &answer) && answer.Code == serializationFailure {
		err = discardedMeanwhile(id)
	}
	return err
}

// serializationFailure: a row was changed that the transaction sees as it was.
const serializationFailure = "40001"

// terms are what rows are judged by beside the rows of the layer: its table, key and
// place, the columns with what they take, and the table's rules.
func (i *importing) terms(ctx context.Context) (string, error) {
	var relation int64
	if err := i.tx.QueryRow(ctx, sql.Text("queries/preview_relation.sql"), i.target.relation).Scan(&relation); err != nil {
		return "", err
	}
	t, l := i.target, i.target.Layer
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
func (s *Store) failPreview(ctx context.Context, id int64, why string) error {
	_, err := prompt(ctx, func(ctx context.Context) (struct{}, error) {
		return struct{}{}, pgx.BeginFunc(ctx, s.pool, func(tx pgx.Tx) error {
			state, _, _, _, err := lockPreview(ctx, tx, id)
			if err != nil || state == Previewed || state == Applied { // it stands: only its answer was lost
				return err
			}
			if _, err := tx.Exec(ctx, sql.Text("queries/preview_fail.sql"), id, why); err != nil {
				return err
			}
			return unstage(ctx, tx, keptStaging(id), keptAside(id))
		})
	})
	return describe(err)
}
