package ledger

import (
	"context"
	"fmt"
	"time"

	"github.com/jackc/pgx/v5"

	"yizhan/geo"
	"yizhan/internal/lang"
	"yizhan/sql"
)

// How long an import waits for another of the same layer, and anybody for writers of a table.
const (
	importPatience = 2 * time.Second
	WriterPatience = 10 * time.Second
)

// Lock keeps imports, undos and purges of a layer by others out until the transaction ends. It
// waits for two seconds, and is then ErrConflict.
func Lock(ctx context.Context, tx pgx.Tx, layer geo.LayerName) error {
	if _, err := tx.Exec(ctx, sql.Text("queries/import_client.sql")); err != nil {
		return err
	}
	for end := time.Now().Add(importPatience); ; {
		var had bool
		if err := tx.QueryRow(ctx, sql.Text("queries/import_lock.sql"), string(layer)).Scan(&had); err != nil {
			return err
		}
		if had {
			return nil
		}
		if time.Now().After(end) {
			break
		}
		select {
		case <-ctx.Done():
			return ctx.Err()
		case <-time.After(100 * time.Millisecond):
		}
	}
	var who, since string
	if err := tx.QueryRow(ctx, sql.Text("queries/import_holder.sql"), string(layer)).Scan(&who, &since); err != nil {
		return lang.Errorf("another import into layer %q is running; try again when it has finished: %w", layer,
			geo.ErrConflict)
	}
	return lang.Errorf("another import into layer %q (by %s, since %s) is running; try again when it has finished: %w",
		layer, who, since, geo.ErrConflict)
}

// WaitForWriters bounds how long the transaction waits for writers of a table.
func WaitForWriters(ctx context.Context, tx pgx.Tx) error {
	_, err := tx.Exec(ctx, sql.Text("queries/undo_patience.sql"), fmt.Sprint(WriterPatience.Milliseconds()))
	return err
}
