package replica

import (
	"context"
	"errors"
	"log/slog"
	"sync"
	"sync/atomic"
	"time"

	"github.com/jackc/pgx/v5"

	"yizhan/geo"
	"yizhan/internal/lang"
	"yizhan/internal/pg"
	"yizhan/sql"
)

// How long the replica waits for a notification before it looks by itself, and
// how long it pauses between attempts to reach a ledger that is away.
const (
	pollInterval = 2 * time.Second
	retryPause   = 500 * time.Millisecond
	// how often the catalogue is looked at unasked
	catalogInterval = 5 * time.Second
)

// Options of a replica.
type Options struct {
	Logins  pg.Logins // of the ledger; the replica is its reader
	Log     *slog.Logger
	Changed func(Change) // called after each new state stands, in order; it must not block long
}

// Replica follows one ledger.
type Replica struct {
	logins  pg.Logins
	log     *slog.Logger
	changed func(Change)
	state   atomic.Pointer[State]

	// by the following goroutine only
	catalogRead time.Time
	server      string // the server at the other end, known by when it started
	loadedFrom  string // the server that the state was loaded from

	status atomic.Pointer[Status] // written by the following goroutine only
	loaded chan struct{}          // closed when the first state stands

	at    atomic.Pointer[milestone] // written by the following goroutine only
	pokes chan struct{}
}

// New makes a replica that holds nothing yet; [Replica.Run] fills and follows.
func New(o Options) *Replica {
	if o.Changed == nil {
		o.Changed = func(Change) {}
	}
	r := &Replica{logins: o.Logins, log: o.Log, changed: o.Changed, loaded: make(chan struct{}),
		pokes: make(chan struct{}, 1)}
	r.status.Store(&Status{})
	return r
}

// State is the latest state, nil before the first load.
func (r *Replica) State() *State { return r.state.Load() }

var errLoading = lang.Errorf("the layers are still loading; try again: %w", geo.ErrUnavailable)

// Ready is the latest state; before the first load the error is of kind geo.ErrUnavailable.
func (r *Replica) Ready() (*State, error) {
	if s := r.State(); s != nil {
		return s, nil
	}
	return nil, errLoading
}

// Loaded is closed once the first state stands.
func (r *Replica) Loaded() <-chan struct{} { return r.loaded }

// Status says how far the state can be relied on.
func (r *Replica) Status() Status { return *r.status.Load() }

// Run follows the ledger until the context ends, connecting again whenever the
// ledger was away. It returns only the context's error.
func (r *Replica) Run(ctx context.Context) error {
	for {
		err := r.follow(ctx)
		if ctx.Err() != nil {
			return ctx.Err()
		}
		if r.disconnected() {
			r.log.Warn("the replica lost the ledger and keeps its last state", "error", err)
		}
		select {
		case <-ctx.Done():
			return ctx.Err()
		case <-time.After(retryPause):
		}
	}
}

// follow holds one connection: it catches up, then waits to be woken, until something fails.
func (r *Replica) follow(ctx context.Context) error {
	conn, err := r.connect(ctx)
	if err != nil {
		return err
	}
	defer conn.Close(context.WithoutCancel(ctx))
	for {
		if err := r.catchUp(ctx, conn); err != nil {
			return err
		}
		if err := r.waitForWake(ctx, conn); err != nil {
			return err
		}
	}
}

// connect opens a connection of the reader and listens.
func (r *Replica) connect(ctx context.Context) (*pgx.Conn, error) {
	conn, err := pg.ConnectReader(ctx, r.logins, "yizhan replica")
	if err != nil {
		return nil, lang.Errorf("replica: %w", err)
	}
	if _, err := conn.Exec(ctx, sql.Text("queries/listen.sql")); err != nil {
		return nil, errors.Join(lang.Errorf("replica: listen: %w", err), conn.Close(ctx))
	}
	if err := conn.QueryRow(ctx, sql.Text("queries/server_started.sql")).Scan(&r.server); err != nil {
		return nil, errors.Join(lang.Errorf("replica: identify the server: %w", err), conn.Close(ctx))
	}
	return conn, nil
}

// waitForWake returns when the ledger notified, somebody waits for a version, or the
// poll interval is over.
func (r *Replica) waitForWake(ctx context.Context, conn *pgx.Conn) error {
	wait, cancel := context.WithTimeout(ctx, pollInterval)
	var poked sync.WaitGroup
	defer poked.Wait()
	defer cancel()
	poked.Go(func() {
		select {
		case <-r.pokes:
		case <-wait.Done():
			return
		}
		select {
		case <-time.After(versionPause):
			cancel()
		case <-wait.Done():
		}
	})
	_, err := conn.WaitForNotification(wait)
	if err != nil && wait.Err() == nil {
		return lang.Errorf("replica: wait: %w", err)
	}
	return ctx.Err()
}

// disconnected notes that the ledger is away, and reports whether that is news.
func (r *Replica) disconnected() bool {
	status := r.Status()
	was := status.Connected || !status.Loaded
	status.Connected = false
	r.status.Store(&status)
	return was
}

// publish makes a state the current one, then tells of the change (R3).
func (r *Replica) publish(next *State, change Change) {
	r.state.Store(next)
	r.changed(change)
}

// confirm notes that the state was current at that moment.
func (r *Replica) confirm(at time.Time) {
	state := r.state.Load()
	features := 0
	for _, c := range state.Layers {
		features += c.Len()
	}
	status := r.Status()
	first := !status.Loaded
	status.Loaded, status.Connected = true, true
	status.Checked, status.Version, status.Features = at, state.Version, features
	r.status.Store(&status)
	if first {
		close(r.loaded)
	}
}
