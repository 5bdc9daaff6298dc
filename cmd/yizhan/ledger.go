package main

import (
	"context"
	"log/slog"

	"yizhan/internal/cluster"
	"yizhan/internal/ledger"
	"yizhan/internal/merge"
	"yizhan/internal/pg"
)

// ledgerFlags say which ledger a command works on.
type ledgerFlags struct {
	DSN       string `name:"dsn" help:"Your own PostgreSQL, as a URL or key=value pairs (default: the private one)." env:"YIZHAN_DSN" placeholder:"postgres://user@host/database"`
	ReaderDSN string `name:"reader-dsn" help:"The same database for the read-only role that serves the map and questions (default: --dsn with user yizhan_reader)." env:"YIZHAN_READER_DSN" placeholder:"postgres://yizhan_reader@host/database"`
	Data      string `help:"Folder of the private PostgreSQL (default: ${default_data})." env:"YIZHAN_DATA" type:"path" placeholder:"DIR"`
}

// ledger is an open store, with the private PostgreSQL behind it where there is one.
type ledgerSession struct {
	*ledger.Ledger
	imports *merge.Imports
	private *cluster.Cluster
}

// ledgerDatabase is the private PostgreSQL's database.
const ledgerDatabase = "yizhan"

// open connects to the ledger, starting the private PostgreSQL when no DSN is
// given and it does not run, and brings its schema up to date.
func (f ledgerFlags) open(ctx context.Context, log *slog.Logger) (*ledgerSession, error) {
	l := &ledgerSession{}
	logins := pg.Logins{Owner: f.DSN, Reader: f.ReaderDSN}
	if f.DSN == "" {
		private, err := cluster.Open(ctx, cluster.Options{Dir: f.Data, Log: log})
		if err != nil {
			return nil, err
		}
		l.private = private
		logins = privateLogins(private)
		if err := pg.SetUpPrivate(ctx, privateRoles(private)); err != nil {
			l.close(ctx, log)
			return nil, err
		}
	}
	opened, err := ledger.Open(ctx, logins)
	if err != nil {
		l.close(ctx, log)
		return nil, err
	}
	l.Ledger, l.imports = opened, merge.New(opened)
	for _, step := range []func(context.Context) error{opened.DB().CheckReader, opened.DB().Migrate} {
		if err := step(ctx); err != nil {
			l.close(ctx, log)
			return nil, err
		}
	}
	return l, nil
}

// privateLogins are the addresses of a private PostgreSQL's ledger.
func privateLogins(c *cluster.Cluster) pg.Logins {
	return pg.Logins{Owner: c.DSN(ledgerDatabase, cluster.Owner), Reader: c.DSN(ledgerDatabase, cluster.Reader)}
}

func privateRoles(c *cluster.Cluster) pg.PrivateRoles {
	return pg.PrivateRoles{
		Admin: cluster.Admin, Helper: cluster.Helper,
		SetupNames: pg.SetupNames{Owner: cluster.Owner, Reader: cluster.Reader, Database: ledgerDatabase},
		Address:    func(role string) string { return c.DSN(ledgerDatabase, role) },
	}
}

// close ends the connections and stops the private PostgreSQL if this process started it.
func (l *ledgerSession) close(ctx context.Context, log *slog.Logger) {
	if l.Ledger != nil {
		l.Ledger.Close()
	}
	if l.private != nil {
		if err := l.private.Close(context.WithoutCancel(ctx)); err != nil {
			log.Warn("stop the private PostgreSQL", "error", err)
		}
	}
}
