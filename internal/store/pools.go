package store

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

// aside are the pools of work that may take long, each its own, so that it takes no
// connection from questions, and none from imports in any case. They are made like the
// pool of questions and have its rights.
type aside struct {
	pasts   *pgxpool.Pool // what layers were
	changes *pgxpool.Pool // what the journal has since a version
}

// Connections of each such pool, and how long a statement may take.
const (
	asideConnections = 2
	pastTimeout      = 20 * time.Second
	changesTimeout   = 2 * time.Second
)

func openAside(ctx context.Context, like *pgxpool.Pool) (a aside, err error) {
	if a.pasts, err = openLike(ctx, like, "yizhan pasts", pastTimeout); err != nil {
		return a, err
	}
	if a.changes, err = openLike(ctx, like, "yizhan changes", changesTimeout); err != nil {
		a.pasts.Close()
	}
	return a, err
}

func openLike(ctx context.Context, like *pgxpool.Pool, name string, limit time.Duration) (*pgxpool.Pool, error) {
	config := like.Config()
	config.MaxConns, config.MinConns, config.MinIdleConns = asideConnections, 0, 0
	config.ConnConfig.BuildFrontend = pgproto3.NewFrontend
	config.ConnConfig.RuntimeParams["application_name"] = name
	config.ConnConfig.RuntimeParams["statement_timeout"] = fmt.Sprint(limit.Milliseconds())
	pool, err := pgxpool.NewWithConfig(ctx, config)
	if err != nil {
		return nil, lang.Errorf("open the ledger for %q: %w", name, err)
	}
	return pool, nil
}

func (a aside) close() {
	a.pasts.Close()
	a.changes.Close()
}

// bounded reads no message, which is a row at most, that alone is larger than an answer
// may be.
func bounded(r io.Reader, w io.Writer) *pgproto3.Frontend {
	f := pgproto3.NewFrontend(r, w)
	f.SetMaxBodyLen(AnswerBytes + 1<<10)
	return f
}

// beyondBound reports whether a message was refused by [bounded].
func beyondBound(err error) bool {
	var exceeded *pgproto3.ExceededMaxBodyLenErr
	return errors.As(err, &exceeded)
}
