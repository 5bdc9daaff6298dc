package merge

import (
	"context"
	"fmt"

	"github.com/jackc/pgx/v5"

	"yizhan/geo"
	"yizhan/internal/lang"
	"yizhan/sql"
)

// trusted refuses a table of which a part belongs to somebody else than the ledger's
// owner: whatever is written to it runs its triggers, rules and types with the
// ledger's rights. Publishing checks the same, but tables are altered later.
func trusted(ctx context.Context, tx pgx.Tx, relation string) error {
	rows, err := tx.Query(ctx, sql.Text("queries/import_trusted.sql"), relation)
	if err != nil {
		return err
	}
	var what, remedy, first string
	if _, err := pgx.ForEachRow(rows, []any{&what, &remedy}, func() error {
		if first == "" {
			first = fmt.Sprintf("table %s is not written: %s, so what it does would run with the ledger's rights; "+
				"have it looked at, and then type: %s", relation, what, remedy)
		}
		return nil
	}); err != nil || first == "" {
		return err
	}
	return lang.Errorf("%s: %w", first, geo.ErrForbidden)
}
