package pgtest

import (
	"context"
	"crypto/sha256"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"

	"yizhan/internal/cluster"
	"yizhan/internal/pg"
	"yizhan/sql"
)

// limit is how long making a database may take, a first server and template included.
const limit = 2 * time.Minute

// Empty is the address of a database of the test's own that has PostGIS and nothing else.
func Empty(t testing.TB) string {
	t.Helper()
	return New(t, Template{})
}

// Ledger is the address of a ledger of the test's own: migrated, without data.
func Ledger(t testing.TB) string {
	t.Helper()
	fingerprint, err := schemaFingerprint()
	if err != nil {
		t.Fatal(err)
	}
	return New(t, Template{Fingerprint: fingerprint, Build: migrate})
}

// New is the address of a database of the test's own, cloned from the template,
// which is built when the server does not have it. The database goes with the test.
func New(t testing.TB, from Template) string {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), limit)
	defer cancel()
	server, err := shared()
	if err != nil {
		absent(t, err)
	}
	name, err := server.clone(ctx, from)
	if err != nil {
		t.Fatalf("test database: %v", err)
	}
	t.Cleanup(func() {
		ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), limit)
		defer cancel()
		if err := server.drop(ctx, name); err != nil {
			t.Logf("test database: %v", err)
		}
	})
	return server.owner(name)
}

// absent ends a test that cannot have its database.
func absent(t testing.TB, err error) {
	t.Helper()
	if !errors.Is(err, cluster.ErrNotInstalled) || os.Getenv("CI") == "true" {
		t.Fatalf("test server: %v", err)
	}
	t.Skipf("SKIPPED, NOT TESTED: %v, or \"make deps\"", err)
}

// migrate makes a ledger of an empty database.
func migrate(ctx context.Context, dsn string) error {
	db, err := pg.Open(ctx, pg.Logins{Owner: dsn})
	if err != nil {
		return err
	}
	defer db.Close()
	return db.Migrate(ctx)
}

// schemaFingerprint changes with the statements that make a ledger.
func schemaFingerprint() (string, error) {
	sum := sha256.New()
	fmt.Fprintln(sum, base())
	functions, err := sql.Functions()
	if err != nil {
		return "", err
	}
	for _, name := range append(functions, "bootstrap.sql", "queries/adopt_journal.sql", "queries/catalog_schema.sql") {
		fmt.Fprintf(sum, "%s\n%s\n", name, sql.Text(name))
	}
	migrations, err := sql.Migrations()
	if err != nil {
		return "", err
	}
	err = fs.WalkDir(migrations, ".", func(path string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() {
			return err
		}
		text, err := fs.ReadFile(migrations, path)
		fmt.Fprintf(sum, "%s\n%s\n", path, text)
		return err
	})
	return fmt.Sprintf("ledger_%x", sum.Sum(nil)[:8]), err
}

// Admin is the address of the database at an address of [Ledger] or [Empty] for the
// superuser of its server.
func Admin(t testing.TB, dsn string) string {
	t.Helper()
	server, err := shared()
	if err != nil {
		absent(t, err)
	}
	config, err := pgx.ParseConfig(dsn)
	if err != nil {
		t.Fatal(err)
	}
	return server.admin(config.Database)
}
