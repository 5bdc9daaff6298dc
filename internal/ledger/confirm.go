package ledger

import (
	"context"
	"errors"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"

	"yizhan/geo"
	"yizhan/internal/lang"
	"yizhan/internal/pg"
	"yizhan/sql"
)

// Place is where a feature lies around which persons are counted, once somebody else
// than who placed it there has confirmed it.
type Place struct {
	Code string `json:"code"`
	// actor of the statement that put it there; nil before the journal
	PlacedBy    *string `json:"placed_by,omitempty"`
	ConfirmedBy *string `json:"confirmed_by,omitempty"` // nil: not confirmed where it is now
}

// Outcome is what became of the confirmation of one place.
type Outcome string

// Outcomes of a confirmation.
const (
	Confirmed      Outcome = "confirmed"
	AlreadyKnown   Outcome = "known"   // it was confirmed before
	PlacedBySame   Outcome = "own"     // whoever placed it cannot confirm it
	UnknownFeature Outcome = "unknown" // the layer does not have the code
)

// Confirmation is the outcome for one code.
type Confirmation struct {
	Code    string  `json:"code"`
	Outcome Outcome `json:"outcome"`
}

// Places lists the places of a layer that are to be confirmed, by code. A layer without
// such places is ErrNotFound.
func (l *Ledger) Places(ctx context.Context, layer geo.LayerName) ([]Place, error) {
	rows, err := l.db.Owner.Query(ctx, sql.Text("queries/places.sql"), string(layer))
	if err != nil {
		return nil, pg.Describe(err)
	}
	places, err := pgx.CollectRows(rows, pgx.RowToStructByPos[Place])
	return places, raised(lang.Errorf("places of layer %q: %w", layer, err), err)
}

// Confirm confirms places in the name of a person, who must not have placed them.
func (l *Ledger) Confirm(ctx context.Context, layer geo.LayerName, codes []string, by string) ([]Confirmation, error) {
	rows, err := l.db.Owner.Query(ctx, sql.Text("queries/confirm.sql"), string(layer), codes, by)
	if err != nil {
		return nil, pg.Describe(err)
	}
	list, err := pgx.CollectRows(rows, pgx.RowToStructByPos[Confirmation])
	return list, raised(lang.Errorf("confirm places of layer %q: %w", layer, err), err)
}

// ConfirmFirst confirms the places of a batch that filled its layer for the first time,
// in the name of whoever runs the ledger, and says how many.
func (l *Ledger) ConfirmFirst(ctx context.Context, batch int64, by string) (confirmed int64, err error) {
	err = l.db.Owner.QueryRow(ctx, sql.Text("queries/confirm_first.sql"), batch, by).Scan(&confirmed)
	return confirmed, pg.Describe(err)
}

// raised gives the kind of what a function of ours raised to an error that wraps it.
func raised(wrapped, cause error) error {
	if cause == nil {
		return nil
	}
	var answer *pgconn.PgError
	if errors.As(cause, &answer) {
		switch answer.Code {
		case "P0002":
			return lang.Errorf("%s: %w", answer.Message, geo.ErrNotFound)
		case "22023":
			return lang.Errorf("%s: %w", answer.Message, geo.ErrInvalid)
		}
	}
	return pg.Describe(wrapped)
}
