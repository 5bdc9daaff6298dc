package merge_test

import (
	"context"
	"testing"

	"github.com/jackc/pgx/v5"

	"yizhan/internal/ledger"
	"yizhan/internal/merge"
	"yizhan/internal/pg"
	"yizhan/internal/pgtest"
)

// bureau is a ledger and what imports into it.
type bureau struct {
	*ledger.Ledger
	*merge.Imports
}

// open gives a test a ledger of its own and a connection of the owner to it.
func open(t *testing.T) (*bureau, *pgx.Conn) {
	t.Helper()
	return reopen(t, pgtest.Ledger(t))
}

// reopen opens a ledger until the test ends or it is closed.
func reopen(t *testing.T, dsn string) (*bureau, *pgx.Conn) {
	t.Helper()
	l, err := ledger.Open(context.Background(), pg.Logins{Owner: dsn})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(l.Close)
	return &bureau{l, merge.New(l)}, pgtest.Connect(t, dsn)
}

// said is a setting, and "" one that was not said.
func said(text string) *string {
	if text == "" {
		return nil
	}
	return &text
}

const stationAtCentre = "insert into city.station (code, name, status, geom) values ('ST-001', '人民路驿站', 'open', " +
	"'SRID=4326;POINT(112.53 33)')"
