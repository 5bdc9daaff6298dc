package pgtest

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"

	"yizhan/internal/cluster"
)

// Private is a server of the test's own, which it may kill.
type Private struct {
	*server
	cluster *cluster.Cluster
}

// Server starts a server of the test's own. It goes with the test.
func Server(t testing.TB) *Private {
	t.Helper()
	dir, err := os.MkdirTemp("/tmp", "yizhan-test-")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { os.RemoveAll(dir) })
	if err := os.Chmod(dir, 0o755); err != nil { // root's server runs as another user
		t.Fatal(err)
	}
	ctx, cancel := context.WithTimeout(t.Context(), limit)
	defer cancel()
	settings := fast()
	settings["shared_buffers"] = "16MB"
	// what was committed is there after Kill, as it is in a real server
	settings["synchronous_commit"], settings["full_page_writes"] = "on", "on"
	private, err := cluster.Open(ctx, cluster.Options{Dir: filepath.Join(dir, "pg"), Settings: settings})
	if err != nil {
		absent(t, err)
	}
	s := &Private{server: serverOf(private), cluster: private}
	t.Cleanup(func() {
		s.Kill(t) // nobody will miss its data
		if err := private.Close(context.WithoutCancel(ctx)); err != nil {
			t.Logf("test server: %v", err)
		}
	})
	if err := watch(filepath.Join(dir, "pg"), 2); err != nil {
		t.Fatal(err)
	}
	return s
}

// Ledger is the address of a new ledger on the server: migrated, without data.
func (s *Private) Ledger(t testing.TB) string {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), limit)
	defer cancel()
	name, err := s.clone(ctx, Template{Fingerprint: "ledger", Build: migrate})
	if err != nil {
		t.Fatalf("test database: %v", err)
	}
	// a cloned sequence is written to the log again only after a checkpoint; without
	// one it would give the same numbers again after Kill
	conn, err := pgx.Connect(ctx, s.admin(name))
	if err != nil {
		t.Fatalf("test database: %v", err)
	}
	_, err = conn.Exec(ctx, "checkpoint")
	if err := errors.Join(err, conn.Close(ctx)); err != nil {
		t.Fatalf("test database: %v", err)
	}
	return s.owner(name)
}

// DSN is the address of one of the server's databases, for the ledger's owner.
func (s *Private) DSN(database string) string { return s.owner(database) }

// As is the address of one of the server's databases for one of its roles.
func (s *Private) As(role, database string) string { return s.cluster.DSN(database, role) }

// Kill ends the server and its children as kill -9 does, and returns when they are gone.
func (s *Private) Kill(t testing.TB) {
	t.Helper()
	server := s.cluster.PID()
	if server == 0 {
		return
	}
	for _, pid := range append([]int{server}, children(server)...) {
		if err := syscall.Kill(pid, syscall.SIGKILL); err != nil && err != syscall.ESRCH {
			t.Fatalf("kill the test server: %v", err)
		}
	}
	for s.cluster.PID() != 0 {
		time.Sleep(5 * time.Millisecond)
	}
}

// Restart starts the server after it was killed and returns when it takes connections.
func (s *Private) Restart(t testing.TB) {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), limit)
	defer cancel()
	if err := s.cluster.Restart(ctx); err != nil {
		t.Fatalf("test server: %v", err)
	}
}

// children are the processes that a process has started.
func children(parent int) []int {
	stats, err := filepath.Glob("/proc/[0-9]*/stat")
	if err != nil {
		return nil
	}
	var pids []int
	for _, stat := range stats {
		text, err := os.ReadFile(stat)
		if err != nil {
			continue // it has ended
		}
		// pid (comm) state ppid …, where comm may hold anything
		fields := strings.Fields(string(text[strings.LastIndexByte(string(text), ')')+1:]))
		pid, err := strconv.Atoi(filepath.Base(filepath.Dir(stat)))
		if err == nil && len(fields) > 1 && fields[1] == strconv.Itoa(parent) {
			pids = append(pids, pid)
		}
	}
	return pids
}
