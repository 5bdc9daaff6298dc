package pg

import (
	"context"

	"github.com/jackc/pgx/v5"
)

// Quote is the one way an identifier enters a statement: parts joined by dots,
// each in double quotes with inner quotes doubled.
func Quote(parts ...string) string {
	return pgx.Identifier(parts).Sanitize()
}

// Querier is what a statement can be sent to: a pool, a connection or a transaction.
type Querier interface {
	Query(ctx context.Context, sql string, args ...any) (pgx.Rows, error)
}
