package main

import (
	"context"
	"errors"
	"log/slog"
	"net"

	"yizhan/geo"
	"yizhan/internal/account"
	"yizhan/internal/lang"
	"yizhan/internal/server"
	"yizhan/web"
)

// serverFlags are those of a command that serves.
type serverFlags struct {
	Listen      string `help:"Address to listen on." default:"127.0.0.1:8080" env:"YIZHAN_LISTEN"`
	AdminListen string `help:"Separate address for /healthz, /readyz and /metrics; /metrics is then served only there." env:"YIZHAN_ADMIN_LISTEN" placeholder:"ADDRESS"`
	RunDir      string `help:"Folder for the unix socket and the token with which the server's own account imports over HTTP (default: ${default_run})." env:"YIZHAN_RUN_DIR" type:"path" placeholder:"DIR"`
	Connections int    `help:"Maximum number of open connections." default:"8192" env:"YIZHAN_CONNECTIONS"`
	OfOneClient int    `name:"connections-per-client" help:"Maximum number of open connections from one remote address." default:"1024" env:"YIZHAN_CONNECTIONS_PER_CLIENT"`
	CacheBytes  int64  `help:"Memory for cached tiles, in bytes." default:"268435456" env:"YIZHAN_CACHE_BYTES"`
	UploadBytes int64  `help:"Maximum size of an upload to /imports, in bytes." default:"2147483648" env:"YIZHAN_UPLOAD_BYTES"`
	ImportToken string `help:"Bearer token that allows imports over HTTP from other machines; replaces the unix socket and the token made at each start." env:"YIZHAN_IMPORT_TOKEN" placeholder:"TOKEN"`
}

type serveCommand struct {
	serverFlags
	DSN       string `name:"dsn" help:"PostgreSQL 15 or later with PostGIS 3.3 or later, as a URL or key=value pairs." env:"YIZHAN_DSN" required:"" placeholder:"postgres://user@host/database"`
	ReaderDSN string `name:"reader-dsn" help:"The same database for the read-only role that serves the map and questions (default: --dsn with user yizhan_reader)." env:"YIZHAN_READER_DSN" placeholder:"postgres://yizhan_reader@host/database"`
}

func (c *serveCommand) Help() string {
	return `Run the output of "yizhan setup --print-sql" once as the database's administrator.

Example:
  yizhan serve --dsn postgres://yizhan@db.example/yizhan --listen 0.0.0.0:8080`
}

// Run serves until it is interrupted.
func (c *serveCommand) Run(ctx context.Context, log *slog.Logger, t terminal) error {
	opened, err := ledgerFlags{DSN: c.DSN, ReaderDSN: c.ReaderDSN}.open(ctx, log)
	if err != nil {
		return err
	}
	defer opened.close(ctx, log)
	return c.serve(ctx, opened, log, t)
}

// serve answers requests from the ledger until the context ends, and drains.
func (f serverFlags) serve(ctx context.Context, l *ledgerSession, log *slog.Logger, t terminal) error {
	listener, err := account.From(ctx).Listener(f.Listen)
	if err != nil {
		return lang.Errorf("cannot listen on %s (%v); choose another address with --listen: %w", f.Listen, err, geo.ErrConflict)
	}
	defer listener.Close()
	viewer, err := web.Files()
	if err != nil {
		log.Warn("this binary was built without the map page; run make build", "error", err)
		viewer = nil
	}
	admin, err := f.admin(ctx)
	if err != nil {
		return err
	}
	local, err := f.local(listener.Addr(), l, log)
	if err != nil {
		return err
	}
	defer closeLocal(local, log)
	app := server.New(server.Options{
		Ledger: l.Ledger, Log: log, Viewer: viewer, CacheBytes: f.CacheBytes, UploadBytes: f.UploadBytes,
		ImportToken: f.ImportToken, ImportActor: server.ActorOf(actor(ctx)), Local: local, Admin: admin,
		Connections: f.Connections, ConnectionsEach: f.OfOneClient,
	})

	ctx, stop := context.WithCancel(ctx)
	defer stop()
	followed := make(chan error, 1)
	go func() { followed <- app.Follow(ctx) }()
	go announce(ctx, app, listener.Addr(), local, t)
	defer keepExpiring(ctx, l.Ledger, log)()
	err = app.Listen(ctx, listener)
	stop()
	if followErr := <-followed; !errors.Is(followErr, context.Canceled) {
		err = errors.Join(err, followErr)
	}
	return err
}

// announce prints the URL once the map can be drawn, and how to import.
func announce(ctx context.Context, app *server.Server, at net.Addr, local *server.Local, t terminal) {
	select {
	case <-ctx.Done():
	case <-app.Loaded():
		status := app.Replica().Status()
		t.tellf("loaded %d features in %d ms", status.Features, status.LoadTime.Milliseconds())
		t.sayf("Yizhan 驿站 is running at http://%s/ (press Ctrl-C to stop)", at)
		t.howToImport(at, local)
	}
}
