package main

import (
	"bufio"
	"errors"
	"fmt"
	"io"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"yizhan/internal/pgtest"
)

// asRoot skips a test of what happens when root starts yizhan.
func asRoot(t *testing.T) {
	t.Helper()
	if os.Geteuid() != 0 {
		t.Skip("SKIPPED, NOT TESTED: what root starts does not run as root; run this test as root")
	}
}

// rights are the lines of /proc that say what every thread of a process may do.
func rights(t *testing.T, pid int) []string {
	t.Helper()
	threads, err := filepath.Glob(fmt.Sprintf("/proc/%d/task/*/status", pid))
	if err != nil || len(threads) == 0 {
		t.Fatalf("process %d has no threads: %v", pid, err)
	}
	var lines []string
	for _, thread := range threads {
		text, err := os.ReadFile(thread)
		if errors.Is(err, os.ErrNotExist) || errors.Is(err, syscall.ESRCH) {
			continue // it ended
		}
		if err != nil {
			t.Fatal(err)
		}
		for line := range strings.Lines(string(text)) {
			name, value, _ := strings.Cut(strings.TrimSpace(line), ":")
			switch name {
			case "Uid", "Gid", "Groups", "CapInh", "CapPrm", "CapEff", "CapAmb", "NoNewPrivs":
				lines = append(lines, name+" "+strings.Join(strings.Fields(value), " "))
			}
		}
	}
	return lines
}

// unprivileged fails the test when a thread of the process has any right of root's.
func unprivileged(t *testing.T, pid int) {
	t.Helper()
	for _, line := range rights(t, pid) {
		name, value, _ := strings.Cut(line, " ")
		switch name {
		case "Uid", "Gid":
			for _, id := range strings.Fields(value) {
				if id == "0" {
					t.Errorf("process %d: %s", pid, line)
				}
			}
		case "Groups":
			if value != "" {
				t.Errorf("process %d keeps further groups: %s", pid, line)
			}
		case "NoNewPrivs":
			if value != "1" {
				t.Errorf("process %d may gain rights by running a program", pid)
			}
		default:
			if strings.Trim(value, "0") != "" {
				t.Errorf("process %d: %s", pid, line)
			}
		}
	}
}

// serving starts a command that serves and returns it with what it says on standard output.
func serving(t *testing.T, args ...string) (*exec.Cmd, string) {
	t.Helper()
	path, err := program()
	if err != nil {
		t.Fatal(err)
	}
	cmd := exec.Command(path, args...)
	cmd.Env = append(os.Environ(), "YIZHAN_DSN=")
	cmd.Stderr = t.Output()
	out, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		_ = cmd.Process.Signal(os.Interrupt)
		_, _ = io.Copy(io.Discard, out)
		if err := cmd.Wait(); err != nil {
			t.Errorf("it ends with %v", err)
		}
	})
	said, err := bufio.NewReader(out).ReadString('\n')
	if err != nil {
		t.Fatalf("it does not serve: %v", err)
	}
	return cmd, said
}

func TestUpStartedByRootServesWithoutRightsOfRoot(t *testing.T) {
	asRoot(t)
	cmd, said := serving(t, "up", "--no-sample", "--data", filepath.Join(publicFolder(t), "data"), "--listen", "127.0.0.1:0")
	if !strings.Contains(said, "http://127.0.0.1:") {
		t.Errorf("it says %q", said)
	}
	unprivileged(t, cmd.Process.Pid)
}

func TestAServerOnAnotherPostgreSQLIsAnAccountToo(t *testing.T) {
	asRoot(t)
	server := pgtest.Server(t)
	cmd, _ := serving(t, "serve", "--dsn", server.Ledger(t), "--listen", "127.0.0.1:0")
	unprivileged(t, cmd.Process.Pid)
}

// reserved is an address with a port that only root may open.
func reserved(t *testing.T) string {
	t.Helper()
	for port := 1023; port > 900; port-- {
		if listener, err := net.Listen("tcp", fmt.Sprintf("127.0.0.1:%d", port)); err == nil {
			defer listener.Close()
			return listener.Addr().String()
		}
	}
	t.Fatal("no port below 1024 is free")
	return ""
}

func TestRootOpensAReservedPortForTheAccount(t *testing.T) {
	asRoot(t)
	address := reserved(t)
	cmd, said := serving(t, "up", "--no-sample", "--data", filepath.Join(publicFolder(t), "data"), "--listen", address)
	if !strings.Contains(said, address) {
		t.Errorf("it says %q, want %s", said, address)
	}
	unprivileged(t, cmd.Process.Pid)
	conn, err := net.DialTimeout("tcp", address, 10*time.Second)
	if err != nil {
		t.Fatal(err)
	}
	conn.Close()
}

// closed makes the bureau's folder of work one that only root can enter.
func (b *bureau) closed(t *testing.T) {
	t.Helper()
	if err := os.Chmod(b.work, 0o700); err != nil {
		t.Fatal(err)
	}
}

func TestRootsFilesAreReadAndWrittenThoughTheAccountCannot(t *testing.T) {
	asRoot(t)
	b := openBureau(t)
	b.closed(t)
	half := stations(1) + strings.NewReplacer("M000000", "X", `"open"`, `"torn"`).Replace(stations(1))
	code, said := b.run(t, "import", b.file(t, "half.geojson", half), "--layer", "station")
	if code != 0 || !strings.Contains(said, "inserted 1") || !strings.Contains(said, "rejected 1") {
		t.Fatalf("exit code %d: %s", code, said)
	}
	for _, args := range [][]string{{"--fresh"}, {"--update"}} {
		code, said = b.run(t, append([]string{"export", "--tiles", "city.pmtiles", "--layers", "station", "--zoom", "0-6"}, args...)...)
		if code != 0 {
			t.Fatalf("exit code %d: %s", code, said)
		}
	}
	for _, name := range []string{"half.rejected.geojson", "city.pmtiles"} {
		info, err := os.Lstat(filepath.Join(b.work, name))
		if err != nil {
			t.Error(err)
			continue
		}
		if !info.Mode().IsRegular() || info.Sys().(*syscall.Stat_t).Uid != 0 {
			t.Errorf("%s is %v of user %d", name, info.Mode(), info.Sys().(*syscall.Stat_t).Uid)
		}
	}
	if who := b.value(t, "select actor from journal.batch order by id desc limit 1"); who != "root" {
		t.Errorf("the import is %s's, want root's, who started it", who)
	}
}

func TestRootCannotBeChosen(t *testing.T) {
	asRoot(t)
	b := openBureau(t)
	for name, code := range map[string]int{"root": 2, "nobody-of-that-name": 3} {
		if got, said := b.run(t, "imports", "--user", name); got != code || !strings.Contains(said, name) {
			t.Errorf("--user %s: exit code %d, want %d: %s", name, got, code, said)
		}
	}
}
