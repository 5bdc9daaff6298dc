package merge

import (
	"context"
	"errors"
	"slices"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"

	"yizhan/geo"
	"yizhan/internal/lang"
	"yizhan/sql"
)

// gather stages the rows that the batch touched, and refuses a batch whose former
// rows the journal does not have.
func (u *undoing) gather(ctx context.Context) error {
	if _, err := u.tx.Exec(ctx, sql.Text("queries/undo_stage.sql")); err != nil {
		return err
	}
	if _, err := u.tx.Exec(ctx, sql.Text("queries/undo_touched.sql"), u.batch.ID, string(u.layer.Name)); err != nil {
		return err
	}
	if _, err := u.tx.Exec(ctx, sql.Text("queries/undo_analyze.sql")); err != nil {
		return err
	}
	var lacking int64
	err := u.tx.QueryRow(ctx, sql.Text("queries/undo_lacking.sql"), u.batch.ID, string(u.layer.Name)).Scan(&lacking,
		&u.result.Touched)
	if err != nil {
		return err
	}
	if lacking > 0 || u.result.Touched < max(u.batch.Inserted, u.batch.Updated, u.batch.Deleted) {
		return lang.Errorf(
			"the journal no longer has the rows as they were before batch %d, so it cannot be undone; import a file "+
				"with the values they should have: %w", u.batch.ID, geo.ErrConflict)
	}
	if err := u.leavePurged(ctx); err != nil {
		return err
	}
	return u.readColumns(ctx)
}

// readColumns reads which columns can be put back: those that the former rows have
// and the table still has.
func (u *undoing) readColumns(ctx context.Context) error {
	rows, err := u.tx.Query(ctx, sql.Text("queries/undo_columns.sql"), u.relation)
	if err != nil {
		return err
	}
	u.columns, err = pgx.CollectRows(rows, func(row pgx.CollectableRow) (undoColumn, error) {
		var c undoColumn
		return c, row.Scan(&c.name, &c.assignable)
	})
	return err
}

// putBack takes away what was not there before the batch, then gives rows their
// former values, then brings rows back.
func (u *undoing) putBack(ctx context.Context) error {
	r := u.result
	var err error
	if r.Deleted, err = u.write(ctx, u.tx, "queries/undo_delete.sql"); err != nil {
		return err
	}
	if len(u.columns) == 0 {
		return nil // no row was there before the batch
	}
	cleared, err := u.restore(ctx)
	if err != nil {
		return err
	}
	inserted, err := u.write(ctx, u.tx, "queries/undo_insert.sql")
	r.Restored, r.Reinserted = r.Restored+cleared, inserted-cleared
	return err
}

// restore gives the rows that are there their former values. Where they exchange a
// value that must be unique, no order of rows will do: they are then taken away, to
// come back with the others, unless rows of other tables hang on them; cleared is
// how many.
func (u *undoing) restore(ctx context.Context) (cleared int64, err error) {
	if !slices.ContainsFunc(u.columns, u.assignable) {
		return 0, nil
	}
	err = pgx.BeginFunc(ctx, u.tx, func(savepoint pgx.Tx) (err error) {
		u.result.Restored, err = u.write(ctx, savepoint, "queries/undo_update.sql")
		return err
	})
	var answer *pgconn.PgError
	if !errors.As(err, &answer) || answer.Code != "23505" && answer.Code != "23P01" {
		return 0, err
	}
	var referenced bool
	if asked := u.tx.QueryRow(ctx, sql.Text("queries/undo_referenced.sql"), u.relation).Scan(&referenced); asked != nil || referenced {
		return 0, errors.Join(asked, err)
	}
	return u.write(ctx, u.tx, "queries/undo_clear.sql")
}

// assignable tells a column that an update gives its former value: all but the
// feature id, which does not change, and columns that number themselves.
func (u *undoing) assignable(c undoColumn) bool {
	return c.assignable && c.name != u.layer.IDColumn
}

// write runs a statement on the layer's table and returns how many rows it wrote.
func (u *undoing) write(ctx context.Context, tx pgx.Tx, file string) (int64, error) {
	tag, err := tx.Exec(ctx, u.statement(file))
	return tag.RowsAffected(), err
}
