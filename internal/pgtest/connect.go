package pgtest

import (
	"context"
	"testing"

	"github.com/jackc/pgx/v5"
)

// Connect is a connection to a database that is closed when the test ends.
func Connect(t testing.TB, dsn string) *pgx.Conn {
	t.Helper()
	ctx := context.Background()
	conn, err := pgx.Connect(ctx, dsn)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = conn.Close(ctx) })
	return conn
}

// Exec runs statements.
func Exec(t testing.TB, conn *pgx.Conn, statements ...string) {
	t.Helper()
	for _, statement := range statements {
		if _, err := conn.Exec(context.Background(), statement); err != nil {
			t.Fatalf("%s: %v", statement, err)
		}
	}
}

// Value is the one value of a query as text, "null" for none.
func Value(t testing.TB, conn *pgx.Conn, query string) string {
	t.Helper()
	var text string
	if err := conn.QueryRow(context.Background(), "select coalesce(("+query+")::text, 'null')").Scan(&text); err != nil {
		t.Fatalf("%s: %v", query, err)
	}
	return text
}

// Column are the values of a query of one column of texts.
func Column(t testing.TB, conn *pgx.Conn, query string) []string {
	t.Helper()
	rows, err := conn.Query(context.Background(), query)
	if err != nil {
		t.Fatalf("%s: %v", query, err)
	}
	list, err := pgx.CollectRows(rows, pgx.RowTo[string])
	if err != nil {
		t.Fatalf("%s: %v", query, err)
	}
	return list
}

// Superuser is a connection of the server's superuser to the database of another connection.
func Superuser(t testing.TB, owner *pgx.Conn) *pgx.Conn {
	t.Helper()
	return Connect(t, Admin(t, owner.Config().ConnString()))
}
