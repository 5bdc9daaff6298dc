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

// PurgeOptions say which values of a layer are purged: one of Key, Column and Expired,
// or none for everything.
type PurgeOptions struct {
	Layer   geo.LayerName
	Key     string // former rows of this key, and of rows that had it
	Column  string // this column of all former rows, be it in the table still or not
	Expired bool   // former rows that are gone and whose expires_at has passed
	Actor   string // as the journal has it; default: the session's user
}

// Purged says what a purge did. It holds no value.
type Purged struct {
	ID         int64         `json:"id"` // of journal.purged; 0: there was nothing to purge
	Layer      geo.LayerName `json:"layer"`
	FormerRows int64         `json:"former_rows"` // of the journal
	Previews   int64         `json:"previews"`    // that waited, and were discarded with their rows
	Reports    int64         `json:"reports"`     // of earlier previews, of which the samples were taken out
	Left       int64         `json:"left"`        // rows of that key that are in the layer now, and stay
}

// Purge takes values out of what the ledger keeps beside a layer's present rows: former
// rows in the journal, waiting previews, samples in reports of imports. An undo of the
// batches concerned says that these rows cannot be restored. Servers drop tiles and pasts.
// A layer of which neither the catalogue nor the journal knows is ErrNotFound.
func (l *Ledger) Purge(ctx context.Context, o PurgeOptions) (*Purged, error) {
	p := &Purged{Layer: o.Layer}
	err := pgx.BeginFunc(ctx, l.db.Owner, func(tx pgx.Tx) error { return p.run(ctx, tx, o) })
	if err != nil {
		return nil, purgeFailure(o.Layer, err)
	}
	if p.FormerRows == 0 {
		return p, nil
	}
	return p, l.vacuumPurged(ctx)
}

func (p *Purged) run(ctx context.Context, tx pgx.Tx, o PurgeOptions) error {
	if err := Lock(ctx, tx, o.Layer); err != nil {
		return err
	}
	if err := WaitForWriters(ctx, tx); err != nil {
		return err
	}
	if err := tx.QueryRow(ctx, sql.Text("queries/purge.sql"), string(o.Layer), orNull(o.Key), orNull(o.Column),
		o.Expired, o.Actor).
		Scan(&p.ID, &p.FormerRows, &p.Previews, &p.Reports); err != nil || o.Key == "" {
		return err
	}
	layers, err := ReadLayers(ctx, tx)
	if err != nil {
		return err
	}
	for _, l := range layers {
		if l.Name == o.Layer {
			statement := sql.Statement("queries/purge_left.sql", nil, Words(&l))
			return tx.QueryRow(ctx, statement, o.Key).Scan(&p.Left)
		}
	}
	return nil
}

// orNull is a text as a parameter, null where it is empty.
func orNull(text string) *string {
	if text == "" {
		return nil
	}
	return &text
}

// vacuumPurged lets the server write over what was emptied.
func (l *Ledger) vacuumPurged(ctx context.Context) error {
	if _, err := l.db.Owner.Exec(ctx, sql.Text("queries/purge_vacuum.sql")); err != nil {
		return pg.Describe(lang.Errorf("the values have been purged, but their disk space has not been freed yet: %w",
			err))
	}
	return nil
}

// purgeFailure gives the database's refusals their kind.
func purgeFailure(layer geo.LayerName, err error) error {
	var answer *pgconn.PgError
	if !errors.As(err, &answer) {
		return pg.Describe(err)
	}
	switch answer.Code {
	case "22023":
		return lang.Errorf("purge: %s: %w", answer.Message, geo.ErrInvalid)
	case "P0002":
		return lang.Errorf("purge: layer %q not found, in the catalogue or in the journal: %w", layer, geo.ErrNotFound)
	case "42501":
		return lang.Errorf("purge: %s; %s: %w", answer.Message, answer.Hint, geo.ErrForbidden)
	}
	return pg.Describe(lang.Errorf("purge of layer %q: %w", layer, err))
}

// Expired says what became of the persons of one layer whose time was over.
type Expired struct {
	Layer      geo.LayerName `json:"layer"`
	Deleted    int64         `json:"deleted"`
	FormerRows int64         `json:"former_rows"` // purged from the journal
}

// Expire deletes rows of personal layers whose expires_at, the last day on which they
// may be kept, has passed, and purges their former rows. One does at a time; for another
// there is then nothing to do.
func (l *Ledger) Expire(ctx context.Context, actor string) ([]Expired, error) {
	var list []Expired
	err := pgx.BeginFunc(ctx, l.db.Owner, func(tx pgx.Tx) error {
		if err := WaitForWriters(ctx, tx); err != nil {
			return err
		}
		rows, err := tx.Query(ctx, sql.Text("queries/expire.sql"), actor)
		if err != nil {
			return err
		}
		list, err = pgx.CollectRows(rows, func(row pgx.CollectableRow) (e Expired, err error) {
			return e, row.Scan(&e.Layer, &e.Deleted, &e.FormerRows)
		})
		return err
	})
	if err != nil {
		return nil, purgeFailure("", err)
	}
	if len(list) == 0 {
		return nil, nil
	}
	return list, l.vacuumPurged(ctx)
}
