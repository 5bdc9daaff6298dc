package pg

import (
	"context"
	"errors"
	"io"
	"net"
	"sync/atomic"
	"time"

	"yizhan/internal/lang"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"
)

// Patience with a server that does not answer.
const (
	promptLimit    = 10 * time.Second // for what has nothing to wait for
	lookEvery      = 5 * time.Second
	silenceLimit   = 15 * time.Second // of a server whose work may take long
	statementLimit = 30 * time.Minute // for one statement, and between two rows of a stream
	closeLimit     = 3 * time.Second
)

// ErrSilent: the server has not answered for longer than its work can explain.
var ErrSilent = errors.New("the server is silent")

// Prompt does what takes no time in a server that answers.
func Prompt[T any](ctx context.Context, work func(context.Context) (T, error)) (T, error) {
	ctx, cancel := context.WithTimeoutCause(ctx, promptLimit, ErrSilent)
	defer cancel()
	done, err := work(ctx)
	return done, unanswered(ctx, err)
}

// Attended does what may take long, for as long as the server lives: another
// connection asks it every few seconds whether it does, which a server that is busy
// answers, and one that is frozen does not.
func Attended[T any](ctx context.Context, db *DB, work func(context.Context) (T, error)) (T, error) {
	ctx, cancel := context.WithCancelCause(ctx)
	defer cancel(nil)
	signs := &signs{}
	signs.mark()
	go db.attend(ctx, signs, func() { cancel(ErrSilent) })
	done, err := work(context.WithValue(ctx, signsKey{}, signs))
	return done, unanswered(ctx, err)
}

// unanswered is the error of work that was given up. What was under way is done
// whole or not at all, and nobody here can tell which.
func unanswered(ctx context.Context, err error) error {
	if err == nil || !errors.Is(context.Cause(ctx), ErrSilent) {
		return err
	}
	return Unavailable(lang.Bothf("the ledger does not answer; the work under way is done completely or not at all, and "+
		"the list of imports shows which once it answers again"), ErrSilent)
}

// attend looks after the server until the context ends, and gives up when the server
// has been silent for too long.
func (db *DB) attend(ctx context.Context, work *signs, giveUp func()) {
	tick := time.NewTicker(lookEvery)
	defer tick.Stop()
	var conn *pgx.Conn
	defer func() { leave(conn) }()
	for heard := time.Now(); ; {
		select {
		case <-ctx.Done():
			return
		case <-tick.C:
		}
		var alive bool
		if conn, alive = db.look(ctx, conn); alive {
			heard = time.Now()
		}
		if time.Since(heard) > silenceLimit || work.age() > statementLimit {
			giveUp()
			return
		}
	}
}

// look asks the server for a sign of life, on a connection of its own that it keeps.
// A refusal is one.
func (db *DB) look(ctx context.Context, conn *pgx.Conn) (kept *pgx.Conn, alive bool) {
	ctx, cancel := context.WithTimeout(ctx, lookEvery)
	defer cancel()
	var err error
	if conn == nil {
		conn, err = pgx.ConnectConfig(ctx, db.Owner.Config().ConnConfig)
	}
	if err == nil {
		err = conn.Ping(ctx)
	}
	if err == nil {
		return conn, true
	}
	leave(conn)
	var answer *pgconn.PgError
	return nil, errors.As(err, &answer)
}

// leave closes a connection without waiting for a server that does not answer.
func leave(conn *pgx.Conn) {
	if conn == nil {
		return
	}
	ctx, cancel := context.WithTimeout(context.Background(), time.Second)
	defer cancel()
	_ = conn.Close(ctx) // it is of no use any more
}

// signs are when a piece of work was last seen to go on.
type signs struct{ last atomic.Int64 }

type signsKey struct{}

func (s *signs) mark()              { s.last.Store(time.Now().UnixNano()) }
func (s *signs) age() time.Duration { return time.Duration(time.Now().UnixNano() - s.last.Load()) }

// signsOf are those of the work that a context belongs to.
func signsOf(ctx context.Context) *signs {
	if s, ok := ctx.Value(signsKey{}).(*signs); ok {
		return s
	}
	return &signs{}
}

// Watched is a stream of which each piece that is read is a sign that the work of the
// context goes on.
func Watched(ctx context.Context, r io.Reader) io.Reader { return watched{r, signsOf(ctx)} }

type watched struct {
	io.Reader
	signs *signs
}

func (w watched) Read(p []byte) (int, error) {
	w.signs.mark()
	return w.Reader.Read(p)
}

// statements marks the begin and the end of each statement as a sign.
type statements struct{}

// TraceQueryStart implements pgx.QueryTracer.
func (statements) TraceQueryStart(ctx context.Context, _ *pgx.Conn, _ pgx.TraceQueryStartData) context.Context {
	signsOf(ctx).mark()
	return ctx
}

// TraceQueryEnd implements pgx.QueryTracer.
func (statements) TraceQueryEnd(ctx context.Context, _ *pgx.Conn, _ pgx.TraceQueryEndData) {
	signsOf(ctx).mark()
}

// dial finds out within twenty seconds that a machine or the way to it is gone.
func dial(ctx context.Context, network, address string) (net.Conn, error) {
	d := net.Dialer{KeepAliveConfig: net.KeepAliveConfig{Enable: true, Idle: 5 * time.Second, Interval: 5 * time.Second,
		Count: 3}}
	return d.DialContext(ctx, network, address)
}
