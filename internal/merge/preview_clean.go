package merge

import (
	"context"

	"github.com/jackc/pgx/v5"

	"yizhan/internal/pg"
	"yizhan/sql"
)

// endPreview takes the rows of a preview away and notes what became of it.
func endPreview(ctx context.Context, tx pgx.Tx, id int64, state State, batch *int64) error {
	if err := unstage(ctx, tx, keptTables(id).names()...); err != nil {
		return err
	}
	return notePreview(ctx, tx, id, state, batch)
}

// notePreview notes what became of a preview.
func notePreview(ctx context.Context, tx pgx.Tx, id int64, state State, batch *int64) error {
	_, err := tx.Exec(ctx, sql.Text("queries/preview_end.sql"), id, string(state), batch)
	return err
}

// beingRead reports whether somebody reads the file of a preview.
func beingRead(ctx context.Context, tx pgx.Tx, id int64) (bool, error) {
	var free bool
	err := tx.QueryRow(ctx, sql.Text("queries/preview_free.sql"), id).Scan(&free)
	return !free, err
}

// unstage drops staging tables, by their quoted names.
func unstage(ctx context.Context, tx pgx.Tx, tables ...string) error {
	for _, table := range tables {
		if _, err := tx.Exec(ctx, sql.Statement("queries/import_unstage.sql", sql.Words{"staging": table})); err != nil {
			return err
		}
	}
	return nil
}

// CleanPreviews takes away what interrupted imports have left behind, and previews
// that nobody applied for a week; it says how many of each. Tables of previews that
// are over go too.
func (s *Imports) CleanPreviews(ctx context.Context) (interrupted, expired int64, err error) {
	_, err = pg.Attended(ctx, s.db, func(ctx context.Context) (struct{}, error) {
		interrupted, expired, err = s.cleanPreviews(ctx)
		return struct{}{}, err
	})
	return interrupted, expired, err
}

func (s *Imports) cleanPreviews(ctx context.Context) (interrupted, expired int64, err error) {
	err = pgx.BeginFunc(ctx, s.db.Owner, func(tx pgx.Tx) (err error) {
		interrupted, expired, err = endStale(ctx, tx)
		return err
	})
	if err != nil {
		return interrupted, expired, pg.Describe(err)
	}
	err = pgx.BeginFunc(ctx, s.db.Owner, func(tx pgx.Tx) error {
		rows, err := tx.Query(ctx, sql.Text("queries/preview_left.sql"))
		if err != nil {
			return err
		}
		names, err := pgx.CollectRows(rows, pgx.RowTo[string])
		if err != nil {
			return err
		}
		for n := range names {
			names[n] = pg.Quote("staging", names[n])
		}
		return unstage(ctx, tx, names...)
	})
	return interrupted, expired, pg.Describe(err)
}

// endStale ends the previews that were interrupted or forgotten.
func endStale(ctx context.Context, tx pgx.Tx) (interrupted, expired int64, err error) {
	rows, err := tx.Query(ctx, sql.Text("queries/preview_stale.sql"))
	if err != nil {
		return 0, 0, err
	}
	type stale struct {
		id          int64
		interrupted bool
	}
	list, err := pgx.CollectRows(rows, func(row pgx.CollectableRow) (one stale, err error) {
		return one, row.Scan(&one.id, &one.interrupted)
	})
	if err != nil {
		return 0, 0, err
	}
	for _, one := range list {
		state := Discarded
		if one.interrupted {
			state = Failed
			interrupted++
		} else {
			expired++
		}
		if err := endPreview(ctx, tx, one.id, state, nil); err != nil {
			return 0, 0, err
		}
	}
	return interrupted, expired, nil
}
