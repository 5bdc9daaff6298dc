package main

import (
	"context"
	"fmt"
	"log/slog"
	"net"
	"os"
	"path/filepath"

	"yizhan/geo"
	"yizhan/internal/account"
	"yizhan/internal/lang"
	"yizhan/internal/server"
)

// admin listens for those who watch over the service, where an address is given.
func (f serverFlags) admin(ctx context.Context) (net.Listener, error) {
	if f.AdminListen == "" {
		return nil, nil
	}
	listener, err := account.From(ctx).Listener(f.AdminListen)
	if err != nil {
		return nil, lang.Errorf("cannot listen on %s (%v); choose another address with --admin-listen: %w", f.AdminListen, err, geo.ErrConflict)
	}
	return listener, nil
}

// local opens the socket and the token of the server's own account. It is nil where a
// token was chosen, and where nobody named a folder and the usual one cannot be had.
func (f serverFlags) local(at net.Addr, l *ledgerSession, log *slog.Logger) (*server.Local, error) {
	port := 0
	if tcp, ok := at.(*net.TCPAddr); ok {
		port = tcp.Port
	}
	dir := f.RunDir
	switch {
	case f.ImportToken != "":
		return nil, nil
	case dir == "" && l.private != nil:
		dir = filepath.Join(l.private.Dir(), "http")
	case dir == "":
		dir = defaultRunDir()
	}
	local, err := server.OpenLocal(dir, port)
	if err != nil && f.RunDir == "" {
		log.Warn("imports over HTTP are disabled; set --run-dir or --import-token", "error", err)
		return nil, nil
	}
	return local, err
}

func closeLocal(local *server.Local, log *slog.Logger) {
	if local == nil {
		return
	}
	if err := local.Close(); err != nil {
		log.Warn("remove the socket and token of this run", "error", err)
	}
}

// defaultRunDir is where socket and token go beside a PostgreSQL of one's own.
func defaultRunDir() string {
	if run := os.Getenv("XDG_RUNTIME_DIR"); filepath.IsAbs(run) {
		return filepath.Join(run, "yizhan")
	}
	if os.Geteuid() == 0 {
		return "/run/yizhan"
	}
	if state := os.Getenv("XDG_STATE_HOME"); filepath.IsAbs(state) {
		return filepath.Join(state, "yizhan-http")
	}
	home, err := os.UserHomeDir()
	if err != nil {
		return filepath.Join(os.TempDir(), fmt.Sprintf("yizhan-http-%d", os.Geteuid()))
	}
	return filepath.Join(home, ".local", "state", "yizhan-http")
}

// howToImport says where socket and token are, and shows a command for each. The token
// itself is nowhere but in its file.
func (t terminal) howToImport(at net.Addr, local *server.Local) {
	if local == nil {
		return
	}
	const form = "-F layer=station -F file=@stations.geojson"
	t.tellf("To import over HTTP, use the token in %s:", local.TokenPath)
	tell(fmt.Sprintf("  curl -H @%s %s http://%s/imports", local.TokenPath, form, at))
	if local.SocketPath != "" {
		t.tellf("or the unix socket:")
		tell(fmt.Sprintf("  curl --unix-socket %s %s http://localhost/imports", local.SocketPath, form))
	}
}
