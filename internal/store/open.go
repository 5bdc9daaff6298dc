package store

import (
	"context"
	"fmt"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"

	"yizhan/geo"
	"yizhan/sql"
)

// Versions of the servers that the ledger needs.
const (
	minPostgres = 150000
	// PublicRole is the role that tiles, the replica and questions run as.
	PublicRole = "yizhan_public"
)

// Store is the ledger. It is safe for concurrent use.
type Store struct {
	dsn    string
	pool   *pgxpool.Pool // the owner: migrations, imports
	public *pgxpool.Pool // PublicRole, read only, with a statement timeout: questions
	aside  aside         // the same, for work that must not hold up questions
}

// Connections that each pool may open, and how long a question may take.
const (
	ownerConnections  = 4
	publicConnections = 6
	QuestionTimeout   = 5 * time.Second
)

// Open connects to the ledger at dsn and checks that the server is recent enough.
// It returns ErrUnavailable when nobody answers and ErrInvalid when the server will not do.
func Open(ctx context.Context, dsn string) (*Store, error) {
	config, err := pgxpool.ParseConfig(dsn)
	if err != nil {
		return nil, fmt.Errorf("database address: %w: see \"yizhan serve --help\" for examples", geo.ErrInvalid)
	}
	config.MaxConns = ownerConnections
	config.ConnConfig.RuntimeParams["application_name"] = "yizhan"
	config.ConnConfig.ConnectTimeout = 5 * time.Second
	pool, err := pgxpool.NewWithConfig(ctx, config)
	if err != nil {
		return nil, fmt.Errorf("open the ledger: %w", err)
	}
	s := &Store{dsn: dsn, pool: pool}
	if err := s.checkServer(ctx); err != nil {
		pool.Close()
		return nil, err
	}
	if s.public, err = openPublic(ctx, config.Copy()); err != nil {
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

// openPublic makes the pool whose connections give up every right but PublicRole's.
func openPublic(ctx context.Context, config *pgxpool.Config) (*pgxpool.Pool, error) {
	config.MaxConns = publicConnections
	params := config.ConnConfig.RuntimeParams
	params["application_name"] = "yizhan questions"
	params["default_transaction_read_only"] = "on"
	params["statement_timeout"] = fmt.Sprint(QuestionTimeout.Milliseconds())
	params["idle_in_transaction_session_timeout"] = "10s"
	config.ConnConfig.BuildFrontend = bounded
	config.AfterConnect = func(ctx context.Context, conn *pgx.Conn) error {
		return AsPublic(ctx, conn)
	}
	pool, err := pgxpool.NewWithConfig(ctx, config)
	if err != nil {
		return nil, fmt.Errorf("open the ledger for questions: %w", err)
	}
	return pool, nil
}

// AsPublic makes the connection run as PublicRole from now on.
func AsPublic(ctx context.Context, conn *pgx.Conn) error {
	if _, err := conn.Exec(ctx, sql.Text("queries/as_public.sql")); err != nil {
		return fmt.Errorf("take the role %s: %w", PublicRole, err)
	}
	return nil
}

func (s *Store) checkServer(ctx context.Context) error {
	var version int
	var postgis string
	if err := s.pool.QueryRow(ctx, sql.Text("queries/server_version.sql")).Scan(&version, &postgis); err != nil {
		return describe(fmt.Errorf("ask the ledger for its version: %w", err))
	}
	if version < minPostgres {
		return fmt.Errorf("the ledger is PostgreSQL %d and must be %d or later: %w", version/10000, minPostgres/10000, geo.ErrInvalid)
	}
	if postgis == "" {
		return fmt.Errorf("PostGIS is not installed beside the ledger; on its machine type "+
			"\"sudo apt-get install postgresql-%d-postgis-3\": %w", version/10000, geo.ErrInvalid)
	}
	return nil
}

// Ping reports whether the ledger answers.
func (s *Store) Ping(ctx context.Context) error {
	return describe(s.pool.Ping(ctx))
}

// Close ends all connections.
func (s *Store) Close() {
	s.aside.close()
	s.public.Close()
	s.pool.Close()
}
