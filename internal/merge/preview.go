package merge

import (
	"context"
	"encoding/json"
	"errors"
	"time"

	"github.com/jackc/pgx/v5"

	"yizhan/geo"
	"yizhan/importer"
	"yizhan/internal/lang"
	"yizhan/internal/pg"
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
	Batch   *int64           `json:"batch,omitempty"` // under which it was applied
	Failure lang.Label       `json:"-"`               // why there is no preview
	Report  *importer.Report `json:"report,omitempty"`
}

// BeginPreview books a preview, so that its progress can be followed by its number.
func (s *Imports) BeginPreview(ctx context.Context, layer geo.LayerName, source, actor string) (id int64, err error) {
	return pg.Prompt(ctx, func(ctx context.Context) (int64, error) {
		err := s.db.Owner.QueryRow(ctx, sql.Text("queries/preview_begin.sql"), string(layer), source, actor).Scan(&id)
		return id, pg.Describe(err)
	})
}

// ReadPreview returns one preview, or ErrNotFound.
func (s *Imports) ReadPreview(ctx context.Context, id int64) (*Preview, error) {
	list, err := s.previews(ctx, id)
	if err != nil {
		return nil, err
	}
	if len(list) == 0 {
		return nil, lang.Errorf("import %d not found: %w", id, geo.ErrNotFound)
	}
	return &list[0], nil
}

// Previews lists the latest hundred previewed imports, newest first, without their reports.
func (s *Imports) Previews(ctx context.Context) ([]Preview, error) { return s.previews(ctx, 0) }

func (s *Imports) previews(ctx context.Context, id int64) ([]Preview, error) {
	return pg.Prompt(ctx, func(ctx context.Context) ([]Preview, error) { return s.readPreviews(ctx, id) })
}

func (s *Imports) readPreviews(ctx context.Context, id int64) ([]Preview, error) {
	rows, err := s.db.Owner.Query(ctx, sql.Text("queries/previews.sql"), id)
	if err != nil {
		return nil, pg.Describe(err)
	}
	list, err := pgx.CollectRows(rows, func(row pgx.CollectableRow) (p Preview, err error) {
		var report, settings []byte
		var failure string
		err = row.Scan(&p.ID, &p.State, &p.Layer, &p.Source, &p.Actor, &p.Mode, &p.Begun, &p.Changed, &p.Batch,
			&failure, &report, &settings)
		p.Failure = failureOf(failure)
		if err != nil || report == nil {
			return p, err
		}
		var k kept
		err = errors.Join(json.Unmarshal(report, &p.Report), json.Unmarshal(settings, &k))
		p.Report.Refused = k.Refused
		return p, err
	})
	return list, pg.Describe(err)
}

// failureOf is the failure that the ledger keeps: as JSON in both languages, or as the text
// that releases before wrote.
func failureOf(kept string) (failure lang.Label) {
	if json.Unmarshal([]byte(kept), &failure) != nil {
		return lang.Label{ZH: kept, EN: kept}
	}
	return failure
}

// Discard takes a preview away, with its rows. One that was applied is ErrConflict.
// Of one that is being read, whoever reads it takes the rows away.
func (s *Imports) Discard(ctx context.Context, id int64) error {
	_, err := pg.Prompt(ctx, func(ctx context.Context) (struct{}, error) { return struct{}{}, s.discard(ctx, id) })
	return err
}

func (s *Imports) discard(ctx context.Context, id int64) error {
	err := pgx.BeginFunc(ctx, s.db.Owner, func(tx pgx.Tx) error {
		p, err := lockPreview(ctx, tx, id)
		if err != nil {
			return err
		}
		if p.State == Applied {
			return lang.Errorf("import %d has already been applied; to reverse it, undo its batch: %w", id,
				geo.ErrConflict)
		}
		if read, err := beingRead(ctx, tx, id); err != nil || read {
			return errors.Join(err, notePreview(ctx, tx, id, Discarded, nil))
		}
		return endPreview(ctx, tx, id, Discarded, nil)
	})
	return pg.Describe(err)
}

// waiting is a preview that is about to be applied or discarded.
type waiting struct {
	Preview
	kept kept
	seen string // snapshot of the ledger that it was made from
}

// lockPreview reads a preview, and keeps others from applying or discarding it.
func lockPreview(ctx context.Context, tx pgx.Tx, id int64) (p waiting, err error) {
	p.ID = id
	var report, settings []byte
	err = tx.QueryRow(ctx, sql.Text("queries/preview_take.sql"), id).
		Scan(&p.State, &p.Layer, &p.Source, &p.Actor, &report, &settings, &p.seen)
	if errors.Is(err, pgx.ErrNoRows) {
		return p, lang.Errorf("import %d not found: %w", id, geo.ErrNotFound)
	}
	if err != nil || report == nil {
		return p, err
	}
	return p, errors.Join(json.Unmarshal(report, &p.Report), json.Unmarshal(settings, &p.kept))
}
