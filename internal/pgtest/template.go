package pgtest

import (
	"context"
	"crypto/sha256"
	"errors"
	"fmt"
	"os"
	"sync/atomic"

	"github.com/jackc/pgx/v5"

	"yizhan/internal/cluster"
	"yizhan/internal/pg"
)

// Template is a database that others are cloned from. The zero value has PostGIS
// and nothing else.
type Template struct {
	// Fingerprint names what Build makes, in letters of a table's name: it must
	// change when that does. At most 40 bytes.
	Fingerprint string
	// Build fills a database that has PostGIS. It must leave no connection open.
	Build func(ctx context.Context, dsn string) error
}

// base is the template of templates, as the set-up makes it.
func base() string {
	script, err := names("any").Script()
	if err != nil {
		return "template_postgis"
	}
	return fmt.Sprintf("template_postgis_%x", sha256.Sum256([]byte(script)))[:40]
}

// buildLock serialises the building of templates by all test processes: roles
// belong to the whole server, and two migrations at once would race for them.
const buildLock = 7013420161

// server makes databases on one PostgreSQL.
type server struct {
	admin func(database string) string // address of a database, for its superuser
	owner func(database string) string // and for the ledger's owner
	count *atomic.Int64                // databases made by this process
}

func (s *server) do(ctx context.Context, work func(*pgx.Conn) error) error {
	conn, err := pgx.Connect(ctx, s.admin("postgres"))
	if err != nil {
		return err
	}
	return errors.Join(work(conn), conn.Close(context.WithoutCancel(ctx)))
}

// clone makes a database from the template and returns its name.
func (s *server) clone(ctx context.Context, from Template) (string, error) {
	name := fmt.Sprintf("test_%d_%d", os.Getpid(), s.count.Add(1))
	return name, s.do(ctx, func(conn *pgx.Conn) error {
		template, err := s.ready(ctx, conn, from)
		if err != nil {
			return fmt.Errorf("template: %w", err)
		}
		return create(ctx, conn, name, template)
	})
}

func (s *server) drop(ctx context.Context, name string) error {
	return s.do(ctx, func(conn *pgx.Conn) error { return dropDatabase(ctx, conn, name) })
}

// ready sees that the template exists and returns its name.
func (s *server) ready(ctx context.Context, conn *pgx.Conn, from Template) (string, error) {
	name := base()
	if from.Build != nil {
		name = "template_" + from.Fingerprint
	}
	if found, err := exists(ctx, conn, name); found || err != nil {
		return name, err
	}
	if _, err := conn.Exec(ctx, "select pg_advisory_lock($1)", buildLock); err != nil {
		return "", err
	}
	defer conn.Exec(context.WithoutCancel(ctx), "select pg_advisory_unlock($1)", buildLock)
	if err := s.build(ctx, conn, base(), "template0", s.setUp); err != nil {
		return "", err
	}
	if from.Build == nil {
		return base(), nil
	}
	return name, s.build(ctx, conn, name, base(), func(ctx context.Context, draft string) error {
		return from.Build(ctx, s.owner(draft))
	})
}

// build makes a template under another name and renames it when it is whole.
func (s *server) build(ctx context.Context, conn *pgx.Conn, name, from string,
	fill func(context.Context, string) error) error {
	if found, err := exists(ctx, conn, name); found || err != nil {
		return err
	}
	draft := name + "_draft"
	if err := dropDatabase(ctx, conn, draft); err != nil {
		return err
	}
	if err := create(ctx, conn, draft, from); err != nil {
		return err
	}
	if err := fill(ctx, draft); err != nil {
		return errors.Join(err, dropDatabase(context.WithoutCancel(ctx), conn, draft))
	}
	_, err := conn.Exec(ctx, "alter database "+quote(draft)+" rename to "+quote(name))
	return err
}

// names are what a ledger's set-up is written for on a test server.
func names(database string) pg.SetupNames {
	return pg.SetupNames{Owner: cluster.Owner, Reader: cluster.Reader, Database: database}
}

// setUp does what an administrator does before a ledger is made.
func (s *server) setUp(ctx context.Context, database string) error {
	script, err := names(database).Script()
	if err != nil {
		return err
	}
	conn, err := pgx.Connect(ctx, s.admin(database))
	if err != nil {
		return err
	}
	_, err = conn.Exec(ctx, script)
	return errors.Join(err, conn.Close(ctx))
}

func exists(ctx context.Context, conn *pgx.Conn, name string) (found bool, err error) {
	err = conn.QueryRow(ctx, "select exists (select from pg_database where datname = $1)", name).Scan(&found)
	return found, err
}

// create makes a database from a template, with the rights on it that a copy lacks.
func create(ctx context.Context, conn *pgx.Conn, name, template string) error {
	if _, err := conn.Exec(ctx, "create database "+quote(name)+" template "+quote(template)); err != nil {
		return err
	}
	if template == "template0" {
		return nil // there may be no roles yet
	}
	rights, err := names(name).DatabaseScript()
	if err != nil {
		return err
	}
	_, err = conn.Exec(ctx, rights)
	return err
}

func dropDatabase(ctx context.Context, conn *pgx.Conn, name string) error {
	_, err := conn.Exec(ctx, "drop database if exists "+quote(name)+" with (force)")
	return err
}

func quote(name string) string { return pgx.Identifier{name}.Sanitize() }
