package main

import (
	"context"
	"log/slog"

	"yizhan/internal/cluster"
	"yizhan/internal/store"
)

// ledgerFlags say which ledger a command works on.
type ledgerFlags struct {
	DSN       string `name:"dsn" help:"Your own PostgreSQL, as a URL or key=value pairs; without it, the private one." env:"YIZHAN_DSN" placeholder:"postgres://user@host/database"`
	ReaderDSN string `name:"reader-dsn" help:"The same database for the role that serves the map and questions (default: --dsn with the user yizhan_reader)." env:"YIZHAN_READER_DSN" placeholder:"postgres://yizhan_reader@host/database"`
	Data      string `help:"Folder of the private PostgreSQL (default: ${default_data})." env:"YIZHAN_DATA" type:"path" placeholder:"DIR"`
}

// ledger is an open store, with the private PostgreSQL behind it where there is one.
type ledger struct {
	*store.Store
	private *cluster.Cluster
}

// ledgerDatabase is the private PostgreSQL's database.
const ledgerDatabase = "yizhan"

// open connects to the ledger, starting the private PostgreSQL when no DSN is
// given and it does not run, and brings its schema up to date.
func (f ledgerFlags) open(ctx context.Context, log *slog.Logger) (*ledger, error) {
	l := &ledger{}
	logins := store.Logins{Owner: f.DSN, Reader: f.ReaderDSN}
	if f.DSN == "" {
		private, err := cluster.Open(ctx, cluster.Options{Dir: f.Data, Log: log})
		if err != nil {
			return nil, err
		}
		l.private = private
		logins = privateLogins(private)
		if err := store.SetUpPrivate(ctx, privateRoles(private)); err != nil {
			l.close(ctx, log)
			return nil, err
		}
	}
	opened, err := store.Open(ctx, logins)
	if err != nil {
		l.close(ctx, log)
		return nil, err
	}
	l.Store = opened
	for _, step := range []func(context.Context) error{opened.CheckReader, opened.Migrate} {
		if err := step(ctx); err != nil {
			l.close(ctx, log)
			return nil, err
		}
	}
	return l, nil
}

// privateLogins are the addresses of a private PostgreSQL's ledger.
func privateLogins(c *cluster.Cluster) store.Logins {
	return store.Logins{Owner: c.DSN(ledgerDatabase, cluster.Owner), Reader: c.DSN(ledgerDatabase, cluster.Reader)}
}

func privateRoles(c *cluster.Cluster) store.PrivateRoles {
	return store.PrivateRoles{
		Admin: cluster.Admin, Helper: cluster.Helper,
		SetupNames: store.SetupNames{Owner: cluster.Owner, Reader: cluster.Reader, Database: ledgerDatabase},
		Address:    func(role string) string { return c.DSN(ledgerDatabase, role) },
	}
}

// close ends the connections and stops the private PostgreSQL if this process started it.
func (l *ledger) close(ctx context.Context, log *slog.Logger) {
	if l.Store != nil {
		l.Store.Close()
	}
	if l.private != nil {
		if err := l.private.Close(context.WithoutCancel(ctx)); err != nil {
			log.Warn("stop the private PostgreSQL", "error", err)
		}
	}
}
