package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"os/user"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
)

// siege is what the attacks share: a folder of our own, the service in it, and what was found.
type siege struct {
	options
	dir      string // everything that this run leaves on the disk, until lift
	data     string // folder of the private PostgreSQL
	token    string // for imports
	as       *syscall.Credential
	refused  string // what the service said when root started it, and it would not
	help     string // of "yizhan up"
	target   *target
	tiles    tileSource
	attack   string // at hand
	findings []finding
}

// lay makes the folder and starts the service with the sample city.
func lay(ctx context.Context, o options) (*siege, error) {
	if !strings.HasPrefix(o.listen, "127.0.0.1:") {
		return nil, fmt.Errorf("-listen %s: must be at 127.0.0.1: an attack is made on this machine only", o.listen)
	}
	dir, err := os.MkdirTemp("", "yizhan-attack-")
	if err != nil {
		return nil, err
	}
	s := &siege{options: o, dir: dir, data: filepath.Join(dir, "data"), token: "attack-" + filepath.Base(dir)}
	if err := s.furnish(); err != nil {
		return nil, errors.Join(err, os.RemoveAll(dir))
	}
	help, err := exec.CommandContext(ctx, s.binary, "up", "--help").Output()
	if err != nil {
		return nil, errors.Join(fmt.Errorf("%s up --help: %w", o.binary, err), os.RemoveAll(dir))
	}
	s.help = string(help)
	if err := s.revive(ctx); err != nil {
		s.lift()
		return nil, err
	}
	return s, nil
}

// furnish copies the binary to where every account can run it, and makes a folder for
// temporary files that is like no other.
func (s *siege) furnish() error {
	program, err := os.ReadFile(s.binary)
	if err != nil {
		return fmt.Errorf("%w: type \"make build\"", err)
	}
	s.binary = filepath.Join(s.dir, "yizhan")
	return errors.Join(
		os.Chmod(s.dir, 0o755),
		os.WriteFile(s.binary, program, 0o755),
		os.Mkdir(s.temporary(), 0o700),
		os.Chmod(s.temporary(), 0o1777))
}

func (s *siege) temporary() string { return filepath.Join(s.dir, "temporary") }

// revive starts the service unless it runs.
func (s *siege) revive(ctx context.Context) error {
	if s.target != nil && s.target.running() {
		return nil
	}
	t, err := s.start(ctx, s.data, "--import-token", s.token)
	if err != nil && os.Geteuid() == 0 && s.as == nil && ctx.Err() == nil {
		s.refused = err.Error()
		note("it does not start as root (%s); it is started as postgres", s.refused)
		if err := s.becomePostgres(); err != nil {
			return err
		}
		t, err = s.start(ctx, s.data, "--import-token", s.token)
	}
	s.target = t
	return err
}

// becomePostgres has the service run as the account that PostgreSQL's packages make.
func (s *siege) becomePostgres() error {
	known, err := user.Lookup("postgres")
	if err != nil {
		return err
	}
	uid, err := strconv.Atoi(known.Uid)
	if err != nil {
		return err
	}
	gid, err := strconv.Atoi(known.Gid)
	if err != nil {
		return err
	}
	s.as = &syscall.Credential{Uid: uint32(uid), Gid: uint32(gid)}
	return errors.Join(os.RemoveAll(s.data), os.Chown(s.dir, uid, gid))
}

// afresh starts the service again, so that its memory and its cache tell nothing of
// what came before.
func (s *siege) afresh(ctx context.Context) error {
	if s.target != nil {
		if err := s.target.stop(); err != nil {
			return err
		}
	}
	return s.revive(ctx)
}

// run runs the binary beside the service and returns what it prints.
func (s *siege) run(ctx context.Context, args ...string) (string, error) {
	cmd := exec.CommandContext(ctx, s.binary, args...)
	cmd.Env = s.environment()
	cmd.Dir = s.temporary()
	cmd.SysProcAttr = &syscall.SysProcAttr{Credential: s.as}
	said, err := cmd.CombinedOutput()
	return string(said), err
}

// environment has no setting of the service but what we give.
func (s *siege) environment() (kept []string) {
	for _, pair := range os.Environ() {
		if !strings.HasPrefix(pair, "YIZHAN_") && !strings.HasPrefix(pair, "TMPDIR=") && !strings.HasPrefix(pair, "PG") {
			kept = append(kept, pair)
		}
	}
	return append(kept, "TMPDIR="+s.temporary())
}

// lift ends what was started and removes what was made.
func (s *siege) lift() {
	if s.target != nil {
		if err := s.target.stop(); err != nil {
			note("stop: %v", err)
		}
	}
	if err := os.RemoveAll(s.dir); err != nil {
		note("%v", err)
	}
}
