package cluster

import (
	"log/slog"
	"os"
	"path/filepath"

	"yizhan/internal/lang"
)

// Errors that callers may want to tell apart.
var (
	// ErrNotInstalled: PostgreSQL or PostGIS is missing on this machine; the message has the command.
	ErrNotInstalled error = lang.Kind("not installed")
	// ErrNotRunning: no server runs in the folder.
	ErrNotRunning error = lang.Kind("not running")
)

// Options say where the private PostgreSQL lives and how it is set.
type Options struct {
	Dir      string            // its folder; default DefaultDir()
	Log      *slog.Logger      // what it does; default: nowhere
	Settings map[string]string // settings of postgresql.conf over ours, as text without quotes
}

// DefaultDir is $XDG_STATE_HOME/yizhan or ~/.local/state/yizhan, and for root
// /var/lib/yizhan, because the server then runs as another user, to whom root's
// home is closed. It is empty when the user has no home.
func DefaultDir() string {
	if os.Geteuid() == 0 {
		return "/var/lib/yizhan"
	}
	if state := os.Getenv("XDG_STATE_HOME"); filepath.IsAbs(state) {
		return filepath.Join(state, "yizhan")
	}
	home, err := os.UserHomeDir()
	if err != nil {
		return ""
	}
	return filepath.Join(home, ".local", "state", "yizhan")
}

func (o Options) folder() (string, error) {
	dir := o.Dir
	if dir == "" {
		dir = DefaultDir()
	}
	if dir == "" {
		return "", lang.Errorf("no home folder found for the private PostgreSQL; choose a folder with --data DIR")
	}
	return filepath.Abs(dir)
}

func (o Options) logger() *slog.Logger {
	if o.Log == nil {
		return slog.New(slog.DiscardHandler)
	}
	return o.Log
}
