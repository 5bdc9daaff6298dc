package main

import (
	"context"
	"log/slog"

	"yizhan/internal/cluster"
	"yizhan/internal/store"
)

// ledgerFlags say which ledger a command works on.
type ledgerFlags struct {
	DSN  string `name:"dsn" help:"Your own PostgreSQL, as a URL or key=value pairs; without it, the private one." env:"YIZHAN_DSN" placeholder:"postgres://user@host/database"`
	Data string `help:"Folder of the private PostgreSQL (default: ${default_data})." env:"YIZHAN_DATA" type:"path" placeholder:"DIR"`
}

// ledger is an open store, with the private PostgreSQL behind it where there is one.
type ledger struct {
	*store.Store
	dsn     string
	private *cluster.Cluster
}

// open connects to the ledger, starting the private PostgreSQL when no DSN is
// given and it does not run, and brings its schema up to date.
func (f ledgerFlags) open(ctx context.Context, log *slog.Logger) (*ledger, error) {
	l := &ledger{dsn: f.DSN}
	if f.DSN == "" {
		private, err := cluster.Open(ctx, cluster.Options{Dir: f.Data, Log: log})
		if err != nil {
			return nil, err
		}
		l.private, l.dsn = private, private.DSN("yizhan")
	}
	opened, err := store.Open(ctx, l.dsn)
	if err != nil {
		l.close(ctx, log)
		return nil, err
	}
	l.Store = opened
	if err := opened.Migrate(ctx); err != nil {
		l.close(ctx, log)
		return nil, err
	}
	return l, nil
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
