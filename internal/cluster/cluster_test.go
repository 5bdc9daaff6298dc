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

func leave(t *testing.T, c *Cluster) {
	t.Helper()
	if err := c.Close(t.Context()); err != nil {
		t.Fatal(err)
	}
}

// ask runs one statement as any client would, by the address alone.
func ask(t *testing.T, c *Cluster, statement string) string {
	t.Helper()
	said, err := exec.Command(filepath.Join(c.install.bin, "psql"), "-XAtc", statement, c.DSN("yizhan", Admin)).CombinedOutput()
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

// kill is kill -9 of the server, but not of its children.
func kill(t *testing.T, dir string) {
	t.Helper()
	if err := syscall.Kill(pid(t, dir), syscall.SIGKILL); err != nil {
		t.Fatal(err)
	}
	for !gone(dir) {
		time.Sleep(pause)
	}
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
	if group, err := syscall.Getpgid(pid(t, dir)); err != nil || group == syscall.Getpgrp() {
		t.Errorf("Ctrl-C at our terminal ends the server too: group %d, %v", group, err)
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
	leave(t, c)
	if !gone(dir) {
		t.Error("runs on after its last user has left")
	}
}

func TestKeepsWhatWasWritten(t *testing.T) {
	t.Parallel()
	dir := folder(t)
	c := open(t, dir)
	ask(t, c, "create table note as select '驿站' as name")
	leave(t, c)
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
	leave(t, first)
	if got := ask(t, second, "select 1"); got != "1" {
		t.Errorf("the server went with the process that started it: %q", got)
	}
	leave(t, second)
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
	busy := exec.Command(filepath.Join(c.install.bin, "psql"), "-XAtc", "select count(*) from generate_series(1, 1000000000)", c.DSN("yizhan", Admin))
	if err := busy.Start(); err != nil {
		t.Fatal(err)
	}
	defer busy.Wait()
	time.Sleep(200 * time.Millisecond)
	kill(t, dir)
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
	// as after a restart of the machine: the files name a process of the same user that is not a server
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
	kill(t, dir)
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
	leave(t, next)
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
	found, err := Find(dir, Admin)
	if err != nil {
		t.Fatal(err)
	}
	if found.URL != c.DSN("yizhan", Admin) {
		t.Errorf("found at %s, is at %s", found.URL, c.DSN("yizhan", Admin))
	}
	leave(t, c)
	if err := os.RemoveAll(c.socket); err != nil {
		t.Fatal(err)
	}
}

func TestFindsOnlyARunningServer(t *testing.T) {
	t.Parallel()
	dir := folder(t)
	if _, err := Find(dir, Admin); !errors.Is(err, ErrNotRunning) {
		t.Errorf("before: %v", err)
	}
	c := open(t, dir)
	found, err := Find(dir, Admin)
	if err != nil {
		t.Fatal(err)
	}
	said, err := exec.Command(filepath.Join(c.install.bin, "psql"), "-XAtc", "select current_database()", found.Keywords).CombinedOutput()
	if err != nil || strings.TrimSpace(string(said)) != "yizhan" {
		t.Errorf("%v: %s", err, said)
	}
	leave(t, c)
	if _, err := Find(dir, Admin); !errors.Is(err, ErrNotRunning) {
		t.Errorf("after: %v", err)
	}
}

func TestLogHoldsNothingPersonal(t *testing.T) {
	t.Parallel()
	dir := folder(t)
	c := open(t, dir)
	const name = "王小明"
	ask(t, c, "create table person (name text primary key)")
	ask(t, c, "insert into person values ('"+name+"')")
	for _, statement := range []string{
		"insert into person values ('" + name + "')", // the detail of the error quotes the key
		"select '" + name + "'::int",                 // the message quotes the value
		"selekt '" + name + "'",                      // the statement quotes itself
		"do $$ begin raise warning '" + name + "'; end $$",
	} {
		exec.Command(filepath.Join(c.install.bin, "psql"), "-Xc", statement, c.DSN("yizhan", Admin)).Run()
	}
	leave(t, c)
	logs, err := filepath.Glob(filepath.Join(dir, logName, "*"))
	if err != nil || len(logs) == 0 {
		t.Fatalf("no log: %v", err)
	}
	for _, log := range append(logs, filepath.Join(dir, "start.log")) {
		text, err := os.ReadFile(log)
		if err != nil {
			t.Fatal(err)
		}
		if strings.Contains(string(text), name) || strings.Contains(string(text), "person") {
			t.Errorf("%s holds personal data:\n%s", log, text)
		}
	}
}

func TestFolderOfSomethingElseIsLeftAlone(t *testing.T) {
	t.Parallel()
	dir := filepath.Dir(folder(t))
	if err := os.WriteFile(filepath.Join(dir, "letter.txt"), nil, 0o600); err != nil {
		t.Fatal(err)
	}
	_, err := Open(t.Context(), Options{Dir: dir})
	if err == nil || !strings.Contains(err.Error(), "contains other files") {
		t.Errorf("got %v", err)
	}
	if info, err := os.Stat(dir); err != nil || info.Mode().Perm() != 0o755 {
		t.Errorf("the folder was changed: %v, %v", info.Mode(), err)
	}
}

func TestRootIsToldOfAClosedFolder(t *testing.T) {
	t.Parallel()
	if os.Geteuid() != 0 {
		t.Skip("only root's server runs as another user")
	}
	dir := folder(t)
	if err := os.Chmod(filepath.Dir(dir), 0o700); err != nil {
		t.Fatal(err)
	}
	_, err := Open(t.Context(), Options{Dir: dir})
	if err == nil || !strings.Contains(err.Error(), "which has no access to "+filepath.Dir(dir)) {
		t.Errorf("got %v", err)
	}
}

func TestInterruptedOpenLeavesNothingRunning(t *testing.T) {
	t.Parallel()
	dir := folder(t)
	for _, after := range []time.Duration{50 * time.Millisecond, 500 * time.Millisecond, 900 * time.Millisecond} {
		ctx, cancel := context.WithTimeout(t.Context(), after)
		c, err := Open(ctx, Options{Dir: dir, Settings: quick})
		cancel()
		if err == nil {
			leave(t, c)
		}
		if !gone(dir) {
			t.Errorf("a server runs on after Open was interrupted at %v: %v", after, err)
		}
	}
	ask(t, open(t, dir), "select 1")
}

// TestAsOrdinaryUser runs the tests of this package that start servers once more,
// as somebody who is not root.
func TestAsOrdinaryUser(t *testing.T) {
	t.Parallel()
	if os.Geteuid() != 0 {
		t.Skip("this run is an ordinary user's already")
	}
	dir := filepath.Dir(folder(t))
	binary, err := os.ReadFile("/proc/self/exe")
	if err != nil {
		t.Skip("the test's own binary cannot be read: ", err)
	}
	program := filepath.Join(dir, "cluster.test")
	if err := os.WriteFile(program, binary, 0o755); err != nil {
		t.Fatal(err)
	}
	cmd := exec.Command(program, "-test.run=^(TestStartsAndStops|TestLastUserStopsIt|TestKilledServerIsStartedAgain|TestNumberOfKilledServerGivenToAnother|TestServerOfKilledProcessIsTakenOver)$")
	cmd.Dir = dir
	cmd.SysProcAttr = &syscall.SysProcAttr{Credential: &syscall.Credential{Uid: 65534, Gid: 65534}}
	said, err := cmd.CombinedOutput()
	if err != nil || !strings.Contains(string(said), "PASS") {
		t.Errorf("%v:\n%s", err, said)
	}
}
