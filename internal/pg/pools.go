package pg

import (
	"context"
	"errors"
	"fmt"
	"io"
	"time"

	"yizhan/internal/lang"

	"github.com/jackc/pgx/v5/pgproto3"
	"github.com/jackc/pgx/v5/pgxpool"
)

// Connections of the pools of work that may take long, so that it takes none from
// questions, and none from imports in any case; and how long a statement of theirs may take.
const (
	asideConnections = 2
	PastTimeout      = 20 * time.Second
	ChangesTimeout   = 2 * time.Second
)

// AnswerBytes is how large an answer may be, as JSON.
const AnswerBytes = 16 << 20

// openLike makes a pool with the rights of another.
func openLike(ctx context.Context, like *pgxpool.Pool, name string, limit time.Duration) (*pgxpool.Pool, error) {
	config := like.Config()
	config.MaxConns, config.MinConns, config.MinIdleConns = asideConnections, 0, 0
	config.ConnConfig.BuildFrontend = pgproto3.NewFrontend
	config.ConnConfig.RuntimeParams["application_name"] = name
	config.ConnConfig.RuntimeParams["statement_timeout"] = fmt.Sprint(limit.Milliseconds())
	pool, err := pgxpool.NewWithConfig(ctx, config)
	if err != nil {
		return nil, lang.Errorf("open connections for %q: %w", name, err)
	}
	return pool, nil
}

// bounded reads no message, which is a row at most, that alone is larger than an answer
// may be.
func bounded(r io.Reader, w io.Writer) *pgproto3.Frontend {
	f := pgproto3.NewFrontend(r, w)
	f.SetMaxBodyLen(AnswerBytes + 1<<10)
	return f
}

// beyondBound reports whether a message was refused by [bounded].
func BeyondBound(err error) bool {
	var exceeded *pgproto3.ExceededMaxBodyLenErr
	return errors.As(err, &exceeded)
}
