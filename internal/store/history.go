package store

import (
	"context"
	"strings"
	"time"

	"github.com/jackc/pgx/v5"

	"yizhan/geo"
	"yizhan/internal/lang"
	"yizhan/sql"
)

// Past reads the features of a public layer as they were at an instant, as
// [AllFeatures] would have then.
func (s *Store) Past(ctx context.Context, l *geo.Layer, at time.Time, read func(pgx.Rows) error) error {
	return s.history(ctx, l, at, historyStatement("queries/history_as_of.sql", l), []any{string(l.Name), at}, read)
}

// Difference reads the features of a public layer that differ between two instants,
// as [AllFeatures] would, and after the fields what became of them: added, removed
// or changed.
func (s *Store) Difference(ctx context.Context, l *geo.Layer, from, to time.Time, read func(pgx.Rows) error) error {
	return s.history(ctx, l, from, historyStatement("queries/history_between.sql", l), []any{string(l.Name), from, to}, read)
}

// Moments are when a public layer last changed up to each of two instants, zero for
// never: between a moment and the next change the layer has one past.
func (s *Store) Moments(ctx context.Context, l *geo.Layer, a, b time.Time) (forA, forB time.Time, err error) {
	var first, second *time.Time
	err = s.aside.pasts.QueryRow(ctx, sql.Text("queries/history_moments.sql"), string(l.Name), a, b).Scan(&first, &second)
	if err != nil {
		return forA, forB, describe(lang.Errorf("history of layer %q: %w", l.Name, err))
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
func (s *Store) history(ctx context.Context, l *geo.Layer, earliest time.Time, statement string, arguments []any, read func(pgx.Rows) error) error {
	options := pgx.TxOptions{IsoLevel: pgx.RepeatableRead, AccessMode: pgx.ReadOnly}
	err := pgx.BeginTxFunc(ctx, s.aside.pasts, options, func(tx pgx.Tx) error {
		var begins *time.Time
		var now time.Time
		if err := tx.QueryRow(ctx, sql.Text("queries/history_begins.sql"), string(l.Name)).Scan(&begins, &now); err != nil {
			return err
		}
		switch {
		case begins == nil:
			return lang.Errorf("there is none: nothing in the layer has changed since it was published: %w", geo.ErrInvalid)
		case earliest.Before(*begins):
			return lang.Errorf("it begins at %s: %w", begins.Format(time.RFC3339), geo.ErrInvalid)
		}
		rows, err := tx.Query(ctx, statement, append([]any{pgx.QueryResultFormats{pgx.BinaryFormatCode}}, arguments...)...)
		if err != nil {
			return err
		}
		return read(rows)
	})
	if err != nil {
		return describe(lang.Errorf("history of layer %q: %w", l.Name, err))
	}
	return nil
}

func historyStatement(file string, l *geo.Layer) string {
	var columns strings.Builder
	for _, f := range l.Fields {
		columns.WriteString(", " + quote(f.Name))
	}
	return sql.Statement(file, sql.Words{"columns": columns.String(), "attributes": attributes(l)}, layerWords(l))
}
