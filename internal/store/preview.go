package store

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/jackc/pgx/v5"

	"yizhan/geo"
	"yizhan/importer"
	"yizhan/importer/format"
	"yizhan/sql"
)

// State of a previewed import.
type State string

// States of a previewed import, in the order in which it goes through them.
const (
	Reading   State = "reading"
	Previewed State = "preview"
	Applied   State = "applied"
	Discarded State = "discarded"
	Failed    State = "failed"
)

// Preview is an import that waits to be applied, or what became of it.
type Preview struct {
	ID      int64            `json:"id"`
	State   State            `json:"state"`
	Layer   geo.LayerName    `json:"layer"`
	Source  string           `json:"source"`
	Actor   string           `json:"actor"`
	Mode    Mode             `json:"mode"`
	Begun   time.Time        `json:"begun_at"`
	Changed time.Time        `json:"changed_at"`
	Batch   *int64           `json:"batch,omitempty"`   // under which it was applied
	Failure string           `json:"failure,omitempty"` // why there is no preview
	Report  *importer.Report `json:"report,omitempty"`
}

// kept is what applying must know of a preview beside its report.
type kept struct {
	Mode           Mode
	Present        []bool
	Refused        []importer.Refused
	Columns        string // of the layer's table, as it was
	Staged         int64
	Skipped        int64
	System         string
	Transformation string
	Accuracy       *float64
}

// BeginPreview books a preview, so that its progress can be followed by its number.
func (s *Store) BeginPreview(ctx context.Context, layer geo.LayerName, source, actor string) (id int64, err error) {
	err = s.pool.QueryRow(ctx, sql.Text("queries/preview_begin.sql"), string(layer), source, actor).Scan(&id)
	return id, describe(err)
}

// Preview reads and judges a file and keeps its rows until they are applied or
// discarded. On an error the preview has failed and nothing of it is kept.
func (s *Store) Preview(ctx context.Context, id int64, layer geo.LayerName, file *format.File, o ImportOptions) (*Preview, error) {
	o.DryRun = true
	i := &importing{options: o.withDefaults(), file: file, started: time.Now(), staging: keptStaging(id)}
	err := pgx.BeginTxFunc(ctx, s.pool, pgx.TxOptions{IsoLevel: pgx.RepeatableRead}, func(tx pgx.Tx) error {
		i.tx = tx
		return i.keepPreview(ctx, id, layer)
	})
	if err != nil {
		err = i.failure(err)
		why := err.Error()
		if i.target != nil && i.personal() {
			why = "the reason is not kept for a layer of persons"
		}
		if failErr := s.failPreview(context.WithoutCancel(ctx), id, why); failErr != nil {
			return nil, errors.Join(err, failErr)
		}
		return nil, err
	}
	return s.ReadPreview(ctx, id)
}

// keptStaging is the staging table of a preview.
func keptStaging(id int64) string { return quote("staging", fmt.Sprintf("import_%d", id)) }

func (i *importing) keepPreview(ctx context.Context, id int64, layer geo.LayerName) error {
	if _, err := i.tx.Exec(ctx, sql.Text("queries/preview_lock.sql"), id); err != nil {
		return err
	}
	if i.options.Create != nil {
		return fmt.Errorf("a new layer is made by an import that is applied at once; leave out create, or use yizhan import --create: %w", geo.ErrInvalid)
	}
	if err := i.run(ctx, layer); err != nil {
		return err
	}
	i.report.Took = time.Since(i.started)
	staged, err := i.number(ctx, "queries/import_staged.sql")
	if err != nil {
		return err
	}
	report, err := json.Marshal(i.report)
	if err != nil {
		return fmt.Errorf("preview: %w", err)
	}
	settings, err := json.Marshal(kept{i.options.Mode, i.report.Present, i.report.Refused, i.target.signature(), staged, i.skipped,
		i.place.Name, i.place.transformation, i.place.accuracy})
	if err != nil {
		return fmt.Errorf("preview: %w", err)
	}
	kept, err := i.tx.Exec(ctx, sql.Text("queries/preview_keep.sql"), id, report, settings)
	if err == nil && kept.RowsAffected() == 0 {
		err = fmt.Errorf("import %d was discarded while it was being read: %w", id, geo.ErrConflict)
	}
	return err
}

// signature changes when the table's columns do.
func (t *target) signature() string {
	var b strings.Builder
	fmt.Fprintf(&b, "key %s;", t.Layer.KeyColumn)
	for n, c := range t.columns {
		fmt.Fprintf(&b, "%s %s;", t.Columns[n].Name, c.declared)
	}
	return b.String()
}

func (s *Store) failPreview(ctx context.Context, id int64, why string) error {
	_, err := s.pool.Exec(ctx, sql.Text("queries/preview_fail.sql"), id, why)
	return describe(err)
}

// ReadPreview returns one preview, or ErrNotFound.
func (s *Store) ReadPreview(ctx context.Context, id int64) (*Preview, error) {
	list, err := s.previews(ctx, id)
	if err != nil {
		return nil, err
	}
	if len(list) == 0 {
		return nil, fmt.Errorf("there is no import %d: %w", id, geo.ErrNotFound)
	}
	return &list[0], nil
}

// Previews lists the latest hundred previewed imports, newest first, without their reports.
func (s *Store) Previews(ctx context.Context) ([]Preview, error) { return s.previews(ctx, 0) }

func (s *Store) previews(ctx context.Context, id int64) ([]Preview, error) {
	rows, err := s.pool.Query(ctx, sql.Text("queries/previews.sql"), id)
	if err != nil {
		return nil, describe(err)
	}
	list, err := pgx.CollectRows(rows, func(row pgx.CollectableRow) (p Preview, err error) {
		var report, settings []byte
		if err := row.Scan(&p.ID, &p.State, &p.Layer, &p.Source, &p.Actor, &p.Mode, &p.Begun, &p.Changed, &p.Batch, &p.Failure, &report, &settings); err != nil || report == nil {
			return p, err
		}
		var k kept
		err = errors.Join(json.Unmarshal(report, &p.Report), json.Unmarshal(settings, &k))
		p.Report.Refused = k.Refused
		return p, err
	})
	return list, describe(err)
}

// Discard takes a preview away, with its rows. One that was applied is ErrConflict.
func (s *Store) Discard(ctx context.Context, id int64) error {
	err := pgx.BeginFunc(ctx, s.pool, func(tx pgx.Tx) error {
		state, _, _, _, err := lockPreview(ctx, tx, id)
		if err != nil {
			return err
		}
		if state == Applied {
			return fmt.Errorf("import %d has been applied; to take it back, undo its batch: %w", id, geo.ErrConflict)
		}
		return endPreview(ctx, tx, id, Discarded, nil)
	})
	return describe(err)
}

// lockPreview reads a preview that is about to be applied or discarded.
func lockPreview(ctx context.Context, tx pgx.Tx, id int64) (state State, p Preview, k kept, seen string, err error) {
	var report, settings []byte
	err = tx.QueryRow(ctx, sql.Text("queries/preview_take.sql"), id).Scan(&state, &p.Layer, &p.Source, &p.Actor, &report, &settings, &seen)
	if errors.Is(err, pgx.ErrNoRows) {
		return state, p, k, seen, fmt.Errorf("there is no import %d: %w", id, geo.ErrNotFound)
	}
	if err != nil || report == nil {
		return state, p, k, seen, err
	}
	return state, p, k, seen, errors.Join(json.Unmarshal(report, &p.Report), json.Unmarshal(settings, &k))
}

// endPreview takes the rows of a preview away and notes what became of it.
func endPreview(ctx context.Context, tx pgx.Tx, id int64, state State, batch *int64) error {
	if _, err := tx.Exec(ctx, strings.Replace(sql.Text("queries/import_unstage.sql"), temporaryStaging, keptStaging(id), 1)); err != nil {
		return err
	}
	_, err := tx.Exec(ctx, sql.Text("queries/preview_end.sql"), id, string(state), batch)
	return err
}
