package main

import (
	"bufio"
	"context"
	"fmt"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"syscall"
	"time"
)

// How long the service may take to start with the sample city, and to stop.
const (
	startLimit = 2 * time.Minute
	stopLimit  = 20 * time.Second
)

// target is one running service.
type target struct {
	cmd     *exec.Cmd
	address string // of HTTP
	admin   string // of health and metrics; the same where there is no other
	data    string
	log     string // file
	done    chan struct{}
}

var announced = regexp.MustCompile(`http://([0-9.:]+)/`)

// start starts "yizhan up" on a data folder and waits until it says where it is.
func (s *siege) start(ctx context.Context, data string, extra ...string) (*target, error) {
	log, err := os.CreateTemp(s.dir, "log-")
	if err != nil {
		return nil, err
	}
	defer log.Close()
	t := &target{data: data, log: log.Name(), done: make(chan struct{})}
	args := append([]string{"up", "--data", data, "--listen", s.listen}, extra...)
	if strings.Contains(s.help, "--admin-listen") {
		if t.admin, err = freeAddress(); err != nil {
			return nil, err
		}
		args = append(args, "--admin-listen", t.admin)
	}
	t.cmd = exec.Command(s.binary, args...)
	t.cmd.Env, t.cmd.Dir, t.cmd.Stderr = s.environment(), s.temporary(), log
	t.cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true, Credential: s.as}
	out, err := t.cmd.StdoutPipe()
	if err != nil {
		return nil, err
	}
	if err := t.cmd.Start(); err != nil {
		return nil, err
	}
	found := make(chan string, 1)
	go func() {
		lines := bufio.NewScanner(out)
		for lines.Scan() {
			if at := announced.FindStringSubmatch(lines.Text()); at != nil && strings.Contains(lines.Text(), "Yizhan") {
				select {
				case found <- at[1]:
				default:
				}
			}
		}
		t.cmd.Wait() // how it ended is read from cmd.ProcessState
		close(t.done)
	}()
	return t, t.settle(ctx, found)
}

// settle waits for the announcement.
func (t *target) settle(ctx context.Context, found chan string) error {
	ctx, cancel := context.WithTimeout(ctx, startLimit)
	defer cancel()
	select {
	case t.address = <-found:
		if t.admin == "" {
			t.admin = t.address
		}
		return nil
	case <-t.done:
		return fmt.Errorf("the service ended: %s", t.lastWords())
	case <-ctx.Done():
		t.kill()
		return fmt.Errorf("the service did not start in time: %s", t.lastWords())
	}
}

// lastWords is the last line of the log.
func (t *target) lastWords() string {
	text, err := os.ReadFile(t.log)
	if err != nil {
		return err.Error()
	}
	lines := strings.Split(strings.TrimSpace(string(text)), "\n")
	return lines[len(lines)-1]
}

func (t *target) running() bool {
	select {
	case <-t.done:
		return false
	default:
		return true
	}
}

// stop asks the service to end, and makes it end.
func (t *target) stop() error {
	if !t.running() {
		return nil
	}
	if err := t.cmd.Process.Signal(syscall.SIGTERM); err != nil {
		return err
	}
	select {
	case <-t.done:
		return nil
	case <-time.After(stopLimit):
		t.kill()
		return fmt.Errorf("it did not stop within %s and was killed", stopLimit)
	}
}

// kill ends the service and its PostgreSQL as a power cut would.
func (t *target) kill() {
	pids := append(family(t.cmd.Process.Pid), t.postmaster()...)
	for _, pid := range pids {
		syscall.Kill(pid, syscall.SIGKILL) // one that is gone already is as good
	}
	<-t.done
	for range 100 {
		if !slices.ContainsFunc(pids, alive) {
			return
		}
		time.Sleep(20 * time.Millisecond)
	}
}

// postmaster is the PostgreSQL that runs in the data folder, with its children.
func (t *target) postmaster() []int {
	found, err := filepath.Glob(filepath.Join(t.data, "*", "postmaster.pid"))
	if err != nil || len(found) != 1 {
		return nil
	}
	text, err := os.ReadFile(found[0])
	if err != nil {
		return nil
	}
	var pid int
	if _, err := fmt.Sscan(string(text), &pid); err != nil || name(pid) != "postgres" {
		return nil
	}
	return family(pid)
}

// freeAddress is one on this machine that nobody serves at.
func freeAddress() (string, error) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return "", err
	}
	return l.Addr().String(), l.Close()
}
