package ledger

import (
	"context"

	"yizhan/internal/pg"
)

// Ledger answers what the ledger holds. It is safe for concurrent use.
type Ledger struct{ db *pg.DB }

// Open connects to the database of a ledger, as [pg.Open] does.
func Open(ctx context.Context, logins pg.Logins) (*Ledger, error) {
	db, err := pg.Open(ctx, logins)
	if err != nil {
		return nil, err
	}
	return &Ledger{db: db}, nil
}

// DB is the ledger's database.
func (l *Ledger) DB() *pg.DB { return l.db }

// Close ends all connections.
func (l *Ledger) Close() { l.db.Close() }
