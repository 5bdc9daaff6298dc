package ledger

import (
	"context"
	"strings"
	"time"

	"github.com/jackc/pgx/v5"

	"yizhan/geo"
	"yizhan/internal/lang"
	"yizhan/internal/pg"
	"yizhan/sql"
)

// Past reads the features of a public layer as they were at an instant, as
// [AllFeatures] would have then.
func (l *Ledger) Past(ctx context.Context, layer *geo.Layer, at time.Time, read func(pgx.Rows) error) error {
	return l.history(ctx, layer, at, historyStatement("queries/history_as_of.sql", layer),
		[]any{string(layer.Name), at}, read)
}

// Difference reads the features of a public layer that differ between two instants,
// as [AllFeatures] would, and after the fields what became of them: added, removed
// or changed.
func (l *Ledger) Difference(ctx context.Context, layer *geo.Layer, from, to time.Time,
	read func(pgx.Rows) error) error {
	return l.history(ctx, layer, from, historyStatement("queries/history_between.sql", layer),
		[]any{string(layer.Name), from, to}, read)
}

// Moments are when a public layer last changed up to each of two instants, zero for
// never: between a moment and the next change the layer has one past.
func (l *Ledger) Moments(ctx context.Context, layer *geo.Layer, a, b time.Time) (forA, forB time.Time, err error) {
	var first, second *time.Time
	err = l.db.Pasts.QueryRow(ctx, sql.Text("queries/history_moments.sql"), string(layer.Name), a, b).Scan(&first,
		&second)
	if err != nil {
		return forA, forB, pg.Describe(lang.Errorf("history of layer %q: %w", layer.Name, err))
	}
	if first != nil {
		forA = first.UTC()
	}
	if second != nil {
		forB = second.UTC()
	}
	return forA, forB, nil
}

// history runs a statement with the rights of the public role, once the journal is
// known to reach back to the earliest instant.
func (l *Ledger) history(ctx context.Context, layer *geo.Layer, earliest time.Time, statement string, arguments []any,
	read func(pgx.Rows) error) error {
	options := pgx.TxOptions{IsoLevel: pgx.RepeatableRead, AccessMode: pgx.ReadOnly}
	err := pgx.BeginTxFunc(ctx, l.db.Pasts, options, func(tx pgx.Tx) error {
		var begins *time.Time
		var now time.Time
		if err := tx.QueryRow(ctx, sql.Text("queries/history_begins.sql"), string(layer.Name)).Scan(&begins, &now); err != nil {
			return err
		}
		switch {
		case begins == nil:
			return lang.Errorf("nothing in the layer has changed since it was published: %w", geo.ErrInvalid)
		case earliest.Before(*begins):
			return lang.Errorf("the history starts at %s: %w", begins.Format(time.RFC3339), geo.ErrInvalid)
		}
		rows, err := tx.Query(ctx, statement, append([]any{pgx.QueryResultFormats{pgx.BinaryFormatCode}},
			arguments...)...)
		if err != nil {
			return err
		}
		return read(rows)
	})
	if err != nil {
		return pg.Describe(lang.Errorf("history of layer %q: %w", layer.Name, err))
	}
	return nil
}

func historyStatement(file string, l *geo.Layer) string {
	var columns strings.Builder
	for _, f := range l.Fields {
		columns.WriteString(", " + pg.Quote(f.Name))
	}
	return sql.Statement(file, sql.Words{"columns": columns.String(), "attributes": attributes(l)}, Words(l))
}
