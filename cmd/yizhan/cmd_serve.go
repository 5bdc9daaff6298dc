package main

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"os"

	"yizhan/geo"
	"yizhan/internal/server"
	"yizhan/web"
)

// serverFlags are those of a command that serves.
type serverFlags struct {
	Listen      string `help:"Address to serve on." default:"127.0.0.1:8080" env:"YIZHAN_LISTEN"`
	CacheBytes  int64  `help:"Memory for finished tiles, in bytes." default:"268435456" env:"YIZHAN_CACHE_BYTES"`
	UploadBytes int64  `help:"Size of an upload to /imports, in bytes." default:"2147483648" env:"YIZHAN_UPLOAD_BYTES"`
	ImportToken string `help:"Word by which other machines may import over HTTP (Authorization: Bearer); without it only this machine may." env:"YIZHAN_IMPORT_TOKEN" placeholder:"WORD"`
}

type serveCommand struct {
	serverFlags
	DSN string `name:"dsn" help:"PostgreSQL 15 or later with PostGIS 3.3 or later, as a URL or key=value pairs." env:"YIZHAN_DSN" required:"" placeholder:"postgres://user@host/database"`
}

func (c *serveCommand) Help() string {
	return `The role of the DSN must own the database, or be able to create schemas, a role and the extension postgis.

Example:
  yizhan serve --dsn postgres://yizhan@db.example/yizhan --listen 0.0.0.0:8080`
}

// Run serves until it is interrupted.
func (c *serveCommand) Run(ctx context.Context, log *slog.Logger) error {
	ledger, err := ledgerFlags{DSN: c.DSN}.open(ctx, log)
	if err != nil {
		return err
	}
	defer ledger.close(ctx, log)
	return c.serve(ctx, ledger, log)
}

// serve answers requests from the ledger until the context ends, and drains.
func (f serverFlags) serve(ctx context.Context, l *ledger, log *slog.Logger) error {
	listener, err := net.Listen("tcp", f.Listen)
	if err != nil {
		return fmt.Errorf("listen on %s: %v; choose another address with --listen: %w", f.Listen, err, geo.ErrConflict)
	}
	defer listener.Close()
	viewer, err := web.Files()
	if err != nil {
		log.Warn("there is no map page in this binary; type \"make build\"", "error", err)
		viewer = nil
	}
	app := server.New(server.Options{Store: l.Store, DSN: l.dsn, Log: log, Viewer: viewer, CacheBytes: f.CacheBytes, UploadBytes: f.UploadBytes, ImportToken: f.ImportToken, ImportActor: account()})

	ctx, stop := context.WithCancel(ctx)
	defer stop()
	followed := make(chan error, 1)
	go func() { followed <- app.Follow(ctx) }()
	go announce(ctx, app, listener.Addr())
	defer keepExpiring(ctx, l.Store, log)()
	err = app.Listen(ctx, listener)
	stop()
	if followErr := <-followed; !errors.Is(followErr, context.Canceled) {
		err = errors.Join(err, followErr)
	}
	return err
}

// announce prints the URL once the map can be drawn.
func announce(ctx context.Context, app *server.Server, at net.Addr) {
	select {
	case <-ctx.Done():
	case <-app.Loaded():
		status := app.Replica().Status()
		fmt.Fprintf(os.Stderr, "%d features in memory after %d ms\n", status.Features, status.LoadTime.Milliseconds())
		fmt.Printf("Yizhan 驿站 is at http://%s/  (Ctrl-C stops it)\n", at)
	}
}
