package merge

import (
	"context"

	"yizhan/geo"
	"yizhan/internal/lang"
	"yizhan/sql"
)

// leavePurged refuses a batch of which former rows, or columns of them, were purged,
// unless the rest is wanted without them. Rows that were purged whole then stay as they
// are, or gone; of the others the purged column does.
func (u *undoing) leavePurged(ctx context.Context) error {
	var rows, parts int64
	var who, when string
	if err := u.tx.QueryRow(ctx, sql.Text("queries/undo_purged.sql")).Scan(&rows, &parts, &who, &when); err != nil {
		return err
	}
	if rows+parts == 0 {
		return nil
	}
	if !u.options.WithoutPurged {
		return lang.Errorf(
			"batch %d cannot be undone in full because former values were purged, last by %s on %s (whole rows: %d; "+
				"rows without a column: %d); nothing was undone; to restore the rest, run \"yizhan undo %d "+
				"--without-purged\": %w",
			u.batch.ID, who, when, rows, parts, u.batch.ID, geo.ErrConflict)
	}
	u.result.Purged = rows + parts
	_, err := u.tx.Exec(ctx, sql.Text("queries/undo_leave_purged.sql"))
	return err
}
