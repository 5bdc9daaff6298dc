package pgtest_test

import (
	"context"
	"testing"

	"github.com/jackc/pgx/v5"

	"yizhan/internal/pgtest"
)

func ask(t *testing.T, dsn, statement string) (answer string) {
	t.Helper()
	conn, err := pgx.Connect(t.Context(), dsn)
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close(context.Background())
	if err := conn.QueryRow(t.Context(), statement).Scan(&answer); err != nil {
		t.Fatal(err)
	}
	return answer
}

func TestEachTestHasItsOwnDatabase(t *testing.T) {
	t.Parallel()
	names := make(map[string]bool)
	for range 5 {
		names[ask(t, pgtest.Empty(t), "select current_database()")] = true
	}
	if len(names) != 5 {
		t.Errorf("5 tests have %d databases", len(names))
	}
}

func TestDatabaseGoesWithItsTest(t *testing.T) {
	t.Parallel()
	var gone string
	t.Run("inner", func(t *testing.T) { gone = ask(t, pgtest.Empty(t), "select current_database()") })
	left := ask(t, pgtest.Empty(t), "select count(*)::text from pg_database where datname = '"+gone+"'")
	if left != "0" {
		t.Errorf("database %s is still there", gone)
	}
}

func TestTemplateIsBuiltOnce(t *testing.T) {
	t.Parallel()
	built := 0
	template := pgtest.Template{Fingerprint: "once_" + ask(t, pgtest.Empty(t), "select current_database()"),
		Build: func(ctx context.Context, dsn string) error {
			built++
			conn, err := pgx.Connect(ctx, dsn)
			if err != nil {
				return err
			}
			defer conn.Close(ctx)
			_, err = conn.Exec(ctx, "create table note as select postgis_lib_version() as version")
			return err
		}}
	for range 3 {
		if ask(t, pgtest.New(t, template), "select version from note") == "" {
			t.Error("the clone lacks what the template has")
		}
	}
	if built != 1 {
		t.Errorf("built %d times", built)
	}
}

func TestLedgerIsMigrated(t *testing.T) {
	t.Parallel()
	if got := ask(t, pgtest.Ledger(t), "select (count(*) > 5)::text from catalog.layer"); got != "true" {
		t.Errorf("got %s", got)
	}
}

func TestKilledServerComesBack(t *testing.T) {
	t.Parallel()
	server := pgtest.Server(t)
	dsn := server.Ledger(t)
	ask(t, dsn, "select 'before'")
	server.Kill(t)
	if conn, err := pgx.Connect(t.Context(), dsn); err == nil {
		conn.Close(t.Context())
		t.Fatal("a killed server answers")
	}
	server.Restart(t)
	ask(t, dsn, "select 'after'")
}

func BenchmarkLedger(b *testing.B) {
	for b.Loop() {
		pgtest.Ledger(b)
	}
}
