package store

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"
	"github.com/jackc/pgx/v5/pgxpool"

	"yizhan/geo"
	"yizhan/internal/lang"
	"yizhan/sql"
)

// minPostgres is the oldest server that the ledger runs on.
const minPostgres = 150000

// Store is the ledger. It is safe for concurrent use.
type Store struct {
	logins Logins
	pool   *pgxpool.Pool // the owner: migrations, imports
	public *pgxpool.Pool // the reader, with a statement timeout: questions
	aside  aside         // the same, for work that must not hold up questions
}

// Connections that each pool may open, and how long a question may take.
const (
	ownerConnections  = 4
	publicConnections = 6
	QuestionTimeout   = 5 * time.Second
)

// Open connects to the ledger as its owner and checks that the server is recent enough.
// It returns ErrUnavailable when nobody answers and ErrInvalid when the server will not do.
// The reader's connections are opened when they are first needed.
func Open(ctx context.Context, logins Logins) (*Store, error) {
	owner, err := logins.owner()
	if err != nil {
		return nil, err
	}
	pool, err := openPool(ctx, owner, ownerConnections, nil)
	if err != nil {
		return nil, err
	}
	s := &Store{logins: logins, pool: pool}
	if err := s.checkServer(ctx); err != nil {
		pool.Close()
		return nil, err
	}
	reader, err := logins.reader("yizhan questions")
	if err == nil {
		reader.BuildFrontend = bounded
		reader.RuntimeParams["statement_timeout"] = fmt.Sprint(QuestionTimeout.Milliseconds())
		s.public, err = openPool(ctx, reader, publicConnections, forget)
	}
	if err != nil {
		pool.Close()
		return nil, err
	}
	if s.aside, err = openAside(ctx, s.public); err != nil {
		s.public.Close()
		pool.Close()
		return nil, err
	}
	return s, nil
}

// openPool makes a pool; released is called with each connection that comes back.
func openPool(ctx context.Context, config *pgx.ConnConfig, most int32, released func(*pgx.Conn) bool) (*pgxpool.Pool, error) {
	pooled, err := pgxpool.ParseConfig("")
	if err != nil {
		return nil, lang.Errorf("open the ledger: %w", err)
	}
	pooled.ConnConfig, pooled.MaxConns, pooled.AfterRelease = config, most, released
	pooled.ConnConfig.Tracer, pooled.PingTimeout = statements{}, promptLimit
	pool, err := pgxpool.NewWithConfig(ctx, pooled)
	if err != nil {
		return nil, lang.Errorf("open the ledger: %w", err)
	}
	return pool, nil
}

// forget makes a connection that comes back as it was when it was opened: a question
// may have been anybody's function, and must leave nothing to the next one. It
// reports whether the connection may be used again.
func forget(conn *pgx.Conn) bool {
	ctx, cancel := context.WithTimeout(context.Background(), QuestionTimeout)
	defer cancel()
	if _, err := conn.Exec(ctx, sql.Text("queries/discard.sql"), pgx.QueryExecModeSimpleProtocol); err != nil {
		return false
	}
	return conn.DeallocateAll(ctx) == nil // the driver's own list of what it has prepared
}

// ConnectReader opens a connection of the reader that stays: no limit on a statement's
// time, and the network watched.
func ConnectReader(ctx context.Context, logins Logins, purpose string) (*pgx.Conn, error) {
	config, err := logins.reader(purpose)
	if err != nil {
		return nil, err
	}
	config.RuntimeParams["statement_timeout"] = "0"
	// a broken network is noticed within about half a minute
	config.RuntimeParams["tcp_user_timeout"] = "30000"
	conn, err := pgx.ConnectConfig(ctx, config)
	if err != nil {
		return nil, describe(lang.Errorf("connect as the reader: %w", err))
	}
	return conn, nil
}

// Logins are the addresses that the ledger was opened with.
func (s *Store) Logins() Logins { return s.logins }

func (s *Store) checkServer(ctx context.Context) error {
	var version int
	var postgis string
	if err := s.pool.QueryRow(ctx, sql.Text("queries/server_version.sql")).Scan(&version, &postgis); err != nil {
		return describe(lang.Errorf("ask the ledger for its version: %w", err))
	}
	if version < minPostgres {
		return lang.Errorf("the ledger is PostgreSQL %d and must be %d or later: %w", version/10000, minPostgres/10000, geo.ErrInvalid)
	}
	if postgis == "" {
		return lang.Errorf("PostGIS is not installed beside the ledger; on its machine type "+
			"\"sudo apt-get install postgresql-%d-postgis-3\": %w", version/10000, geo.ErrInvalid)
	}
	return nil
}

// CheckReader sees that the reader can log in and has no right that a question must not
// have: what it may do, anybody's function that is asked over HTTP may do.
func (s *Store) CheckReader(ctx context.Context) error {
	var role string
	var faults []string
	err := s.public.QueryRow(ctx, sql.Text("queries/reader_faults.sql"), PublicRole).Scan(&role, &faults)
	var answer *pgconn.PgError
	if errors.As(err, &answer) && answer.Code[:2] == "28" {
		return lang.Errorf("the ledger does not let in the role that serves the map (%s); "+
			"\"yizhan setup --print-sql\" prints what an administrator types, and --reader-dsn names the role's own address: %w",
			answer.Message, geo.ErrForbidden)
	}
	if err != nil {
		return describe(lang.Errorf("connect as the reader: %w", err))
	}
	if len(faults) > 0 {
		return lang.Errorf("role %q serves the map and must not have more rights than the public: it %s; "+
			"\"yizhan setup --print-sql\" prints what an administrator types: %w", role, faults[0], geo.ErrForbidden)
	}
	return nil
}

// Ping reports whether the ledger answers.
func (s *Store) Ping(ctx context.Context) error {
	return describe(s.pool.Ping(ctx))
}

// Close ends all connections. It does not wait for a server that does not answer.
func (s *Store) Close() {
	closed := make(chan struct{})
	go func() {
		defer close(closed)
		s.aside.close()
		s.public.Close()
		s.pool.Close()
	}()
	select {
	case <-closed:
	case <-time.After(closeLimit):
	}
}
