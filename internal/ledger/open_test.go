package ledger_test

import (
	"testing"

	"github.com/jackc/pgx/v5"

	"yizhan/internal/ledger"
	"yizhan/internal/pg"
	"yizhan/internal/pgtest"
)

// open gives a test the ledger and a connection of the owner, both on one database.
func open(t *testing.T) (*ledger.Ledger, *pgx.Conn) {
	t.Helper()
	dsn := pgtest.Ledger(t)
	l, err := ledger.Open(t.Context(), pg.Logins{Owner: dsn})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(l.Close)
	return l, pgtest.Connect(t, dsn)
}
