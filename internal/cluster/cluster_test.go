package cluster

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"
)

// quick are settings for servers whose data nobody will miss.
var quick = map[string]string{"fsync": "off", "full_page_writes": "off", "shared_buffers": "16MB"}

// folder is a new folder with a short path that the server's account can reach.
func folder(t *testing.T) string {
	t.Helper()
	if len(installations(t.Context())) == 0 {
		if os.Getenv("CI") == "true" {
			t.Fatal("PostgreSQL is not installed: type \"make deps\"")
		}
		t.Skip("PostgreSQL is not installed: type \"make deps\"")
	}
	dir, err := os.MkdirTemp("/tmp", "yizhan-cluster-")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { os.RemoveAll(dir) })
	if err := os.Chmod(dir, 0o755); err != nil {
		t.Fatal(err)
	}
	return filepath.Join(dir, "state")
}

// open opens the folder for this test, to be closed at its end.
func open(t *testing.T, dir string) *Cluster {
	t.Helper()
	c, err := Open(t.Context(), Options{Dir: dir, Settings: quick})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { c.Close(context.Background()) })
	return c
}

func close(t *testing.T, c *Cluster) {
	t.Helper()
	if err := c.Close(t.Context()); err != nil {
		t.Fatal(err)
	}
}

// ask runs one statement as any client would, by the address alone.
func ask(t *testing.T, c *Cluster, statement string) string {
	t.Helper()
	said, err := exec.Command(filepath.Join(c.install.bin, "psql"), "-XAtc", statement, c.DSN("yizhan")).CombinedOutput()
	if err != nil {
		t.Fatalf("psql: %v: %s", err, said)
	}
	return strings.TrimSpace(string(said))
}

func pid(t *testing.T, dir string) int {
	t.Helper()
	running, ok := readPostmaster(dataFolder(dir))
	if !ok || !running.alive() {
		t.Fatal("no server runs")
	}
	return running.pid
}

func gone(dir string) bool {
	running, ok := readPostmaster(dataFolder(dir))
	return !ok || !running.alive()
}

func TestStartsAndStops(t *testing.T) {
	t.Parallel()
	dir := folder(t)
	c := open(t, dir)
	if !c.Started() {
		t.Error("says that it did not start the server")
	}
	for setting, want := range map[string]string{
		"server_encoding": "UTF8", "listen_addresses": "", "wal_level": "minimal", "jit": "off",
		"timezone": "Asia/Shanghai", "log_min_messages": "log", "fsync": "off", "data_checksums": "on",
	} {
		if got := ask(t, c, "show "+setting); got != want {
			t.Errorf("%s is %q, want %q", setting, got, want)
		}
	}
	for _, name := range []string{"", dataName, runName} {
		info, err := os.Stat(filepath.Join(dir, name))
		if err != nil {
			t.Fatal(err)
		}
		if info.Mode().Perm() != 0o700 {
			t.Errorf("%q is open to others: %v", name, info.Mode())
		}
	}
	close(t, c)
	if !gone(dir) {
		t.Error("runs on after its last user has left")
	}
}

func TestKeepsWhatWasWritten(t *testing.T) {
	t.Parallel()
	dir := folder(t)
	c := open(t, dir)
	ask(t, c, "create table note as select '驿站' as name")
	close(t, c)
	if got := ask(t, open(t, dir), "select name from note"); got != "驿站" {
		t.Errorf("got %q", got)
	}
}

func TestLastUserStopsIt(t *testing.T) {
	t.Parallel()
	dir := folder(t)
	first, second := open(t, dir), open(t, dir)
	if second.Started() {
		t.Error("says that it started a server that ran already")
	}
	close(t, first)
	if got := ask(t, second, "select 1"); got != "1" {
		t.Errorf("the server went with the process that started it: %q", got)
	}
	close(t, second)
	if !gone(dir) {
		t.Error("runs on after its last user has left")
	}
}

func TestManyOpenAtOnce(t *testing.T) {
	t.Parallel()
	dir := folder(t)
	var (
		wait   sync.WaitGroup
		opened [6]*Cluster
		errs   [6]error
	)
	for i := range opened {
		wait.Go(func() { opened[i], errs[i] = Open(t.Context(), Options{Dir: dir, Settings: quick}) })
	}
	wait.Wait()
	if err := errors.Join(errs[:]...); err != nil {
		t.Fatal(err)
	}
	started := 0
	for _, c := range opened {
		if c.Started() {
			started++
		}
		ask(t, c, "select 1")
	}
	if started != 1 {
		t.Errorf("%d say that they started it", started)
	}
	for _, c := range opened {
		wait.Go(func() { c.Close(context.Background()) })
	}
	wait.Wait()
	if !gone(dir) {
		t.Error("runs on after its last user has left")
	}
}

func TestKilledServerIsStartedAgain(t *testing.T) {
	t.Parallel()
	dir := folder(t)
	c := open(t, dir)
	ask(t, c, "create table note as select 1 as n")
	// a backend that does not notice quickly that its postmaster is gone
	busy := exec.Command(filepath.Join(c.install.bin, "psql"), "-XAtc", "select count(*) from generate_series(1, 1000000000)", c.DSN("yizhan"))
	if err := busy.Start(); err != nil {
		t.Fatal(err)
	}
	defer busy.Wait()
	time.Sleep(200 * time.Millisecond)
	if err := syscall.Kill(pid(t, dir), syscall.SIGKILL); err != nil {
		t.Fatal(err)
	}
	if err := c.Restart(t.Context()); err != nil {
		t.Fatal(err)
	}
	if got := ask(t, c, "select n from note"); got != "1" {
		t.Errorf("got %q", got)
	}
}

func TestNumberOfKilledServerGivenToAnother(t *testing.T) {
	t.Parallel()
	dir := folder(t)
	c := open(t, dir)
	// as after a restart of the machine: the files name a process of the same user that is no server
	other := c.account.command(context.Background(), "/", "/bin/sleep", "60")
	if err := other.Start(); err != nil {
		t.Fatal(err)
	}
	defer other.Wait()
	defer other.Cancel()
	file := filepath.Join(dataFolder(dir), pidFile)
	text, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	if err := syscall.Kill(pid(t, dir), syscall.SIGKILL); err != nil {
		t.Fatal(err)
	}
	_, rest, _ := strings.Cut(string(text), "\n")
	stale := fmt.Sprintf("%d\n%s", other.Process.Pid, rest)
	if err := os.WriteFile(file, []byte(stale), 0o600); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(dir, runName, ".s.PGSQL.5432.lock"), []byte(stale), 0o600); err != nil {
		t.Fatal(err)
	}
	if err := c.Restart(t.Context()); err != nil {
		t.Fatal(err)
	}
	ask(t, c, "select 1")
}

func TestServerOfKilledProcessIsTakenOver(t *testing.T) {
	t.Parallel()
	dir := folder(t)
	killed := open(t, dir)
	before := pid(t, dir)
	// what the kernel does for a killed process
	if err := errors.Join(killed.users.close(), killed.lock.close()); err != nil {
		t.Fatal(err)
	}
	next := open(t, dir)
	if pid(t, dir) != before || next.Started() {
		t.Error("the running server was not taken over")
	}
	close(t, next)
	if !gone(dir) {
		t.Error("was not stopped by the process that took it over")
	}
}

func TestInterruptedInitdbIsDoneAgain(t *testing.T) {
	t.Parallel()
	dir := folder(t)
	if err := os.MkdirAll(filepath.Join(dir, newName, "base"), 0o700); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(dir, lockFile), nil, 0o600); err != nil {
		t.Fatal(err)
	}
	ask(t, open(t, dir), "select 1")
}

func TestLongPath(t *testing.T) {
	t.Parallel()
	dir := filepath.Join(filepath.Dir(folder(t)), strings.Repeat("长", 40), "a folder, with a comma")
	c := open(t, dir)
	if got := ask(t, c, "select 1"); got != "1" {
		t.Errorf("got %q", got)
	}
	found, err := Find(dir)
	if err != nil {
		t.Fatal(err)
	}
	if found.URL != c.DSN("yizhan") {
		t.Errorf("found at %s, is at %s", found.URL, c.DSN("yizhan"))
	}
	close(t, c)
	if err := os.RemoveAll(c.socket); err != nil {
		t.Fatal(err)
	}
}

func TestFindsOnlyARunningServer(t *testing.T) {
	t.Parallel()
	dir := folder(t)
	if _, err := Find(dir); !errors.Is(err, ErrNotRunning) {
		t.Errorf("before: %v", err)
	}
	c := open(t, dir)
	found, err := Find(dir)
	if err != nil {
		t.Fatal(err)
	}
	said, err := exec.Command(filepath.Join(c.install.bin, "psql"), "-XAtc", "select current_database()", found.Keywords).CombinedOutput()
	if err != nil || strings.TrimSpace(string(said)) != "yizhan" {
		t.Errorf("%v: %s", err, said)
	}
	close(t, c)
	if _, err := Find(dir); !errors.Is(err, ErrNotRunning) {
		t.Errorf("after: %v", err)
	}
}
