package pg

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

// DB is the database of a ledger: its pools of connections, each for another kind of work.
// It is safe for concurrent use.
type DB struct {
	Owner     *pgxpool.Pool // of the owner: migrations, imports
	Questions *pgxpool.Pool // of the reader, with a statement timeout
	Pasts     *pgxpool.Pool // like Questions, for what layers were
	Changes   *pgxpool.Pool // like Questions, for what the journal has since a version
	logins    Logins
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
func Open(ctx context.Context, logins Logins) (_ *DB, err error) {
	db := &DB{logins: logins}
	defer func() {
		if err != nil {
			db.closePools()
		}
	}()
	owner, err := logins.owner()
	if err != nil {
		return nil, err
	}
	if db.Owner, err = openPool(ctx, owner, ownerConnections, nil); err != nil {
		return nil, err
	}
	if err := db.checkServer(ctx); err != nil {
		return nil, err
	}
	return db, db.openReaders(ctx)
}

// openReaders makes the pools of the reader.
func (db *DB) openReaders(ctx context.Context) error {
	reader, err := db.logins.reader("yizhan questions")
	if err != nil {
		return err
	}
	reader.BuildFrontend = bounded
	reader.RuntimeParams["statement_timeout"] = fmt.Sprint(QuestionTimeout.Milliseconds())
	if db.Questions, err = openPool(ctx, reader, publicConnections, forget); err != nil {
		return err
	}
	if db.Pasts, err = openLike(ctx, db.Questions, "yizhan pasts", PastTimeout); err != nil {
		return err
	}
	db.Changes, err = openLike(ctx, db.Questions, "yizhan changes", ChangesTimeout)
	return err
}

// openPool makes a pool; released is called with each connection that comes back.
func openPool(ctx context.Context, config *pgx.ConnConfig, most int32,
	released func(*pgx.Conn) bool) (*pgxpool.Pool, error) {
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
		return nil, Describe(lang.Errorf("connect as the reader: %w", err))
	}
	return conn, nil
}

// Logins are the addresses that the ledger was opened with.
func (db *DB) Logins() Logins { return db.logins }

func (db *DB) checkServer(ctx context.Context) error {
	var version int
	var postgis string
	if err := db.Owner.QueryRow(ctx, sql.Text("queries/server_version.sql")).Scan(&version, &postgis); err != nil {
		return Describe(lang.Errorf("read the version of the ledger: %w", err))
	}
	if version < minPostgres {
		return lang.Errorf("the ledger runs on PostgreSQL %d; version %d or later is required: %w", version/10000,
			minPostgres/10000, geo.ErrInvalid)
	}
	if postgis == "" {
		return lang.Errorf(
			"PostGIS is not installed on the ledger's machine; run there \"sudo apt-get install "+
				"postgresql-%d-postgis-3\": %w", version/10000, geo.ErrInvalid)
	}
	return nil
}

// CheckReader sees that the reader can log in and has no right that a question must not
// have: what it may do, anybody's function that is asked over HTTP may do.
func (db *DB) CheckReader(ctx context.Context) error {
	var role string
	var faults []string
	err := db.Questions.QueryRow(ctx, sql.Text("queries/reader_faults.sql"), PublicRole).Scan(&role, &faults)
	var answer *pgconn.PgError
	if errors.As(err, &answer) && answer.Code[:2] == "28" {
		return lang.Errorf(
			"the ledger refuses the role that serves the map (%s); \"yizhan setup --print-sql\" prints the "+
				"statements for an administrator, and --reader-dsn sets the role's own address: %w",
			answer.Message, geo.ErrForbidden)
	}
	if err != nil {
		return Describe(lang.Errorf("connect as the reader: %w", err))
	}
	if len(faults) > 0 {
		return lang.Errorf(
			"role %q serves the map and must not have more rights than the public role: it %s; \"yizhan setup "+
				"--print-sql\" prints the statements for an administrator: %w", role, faults[0], geo.ErrForbidden)
	}
	return nil
}

// Ping reports whether the ledger answers.
func (db *DB) Ping(ctx context.Context) error {
	return Describe(db.Owner.Ping(ctx))
}

// Close ends all connections. It does not wait for a server that does not answer.
func (db *DB) Close() {
	closed := make(chan struct{})
	go func() {
		defer close(closed)
		db.closePools()
	}()
	select {
	case <-closed:
	case <-time.After(closeLimit):
	}
}

func (db *DB) closePools() {
	for _, pool := range []*pgxpool.Pool{db.Changes, db.Pasts, db.Questions, db.Owner} {
		if pool != nil {
			pool.Close()
		}
	}
}
