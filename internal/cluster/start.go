package cluster

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"time"

	"yizhan/internal/lang"
)

// reapLimit is how long the children of a killed server may take to notice.
const reapLimit = 5 * time.Second

// run runs one of PostgreSQL's own programs to its end.
func (c *Cluster) run(ctx context.Context, tool string, args ...string) error {
	cmd := c.account.command(ctx, c.dir, filepath.Join(c.install.bin, tool), args...)
	said, err := cmd.CombinedOutput()
	switch {
	case ctx.Err() != nil:
		return lang.Errorf("%s: %w", tool, ctx.Err())
	case err != nil:
		return lang.Errorf("%s: %w: %s", tool, err, strings.TrimSpace(string(said)))
	}
	return nil
}

// bringUp leaves the server ready: it is there already, or it is started, with
// its data folder made first when there is none. It needs the lock.
func (c *Cluster) bringUp(ctx context.Context) error {
	data := c.path(dataName)
	running, err := c.settled(ctx)
	if err != nil {
		return err
	}
	if running.pid != 0 {
		c.socket = running.socket
		return nil
	}
	if err := c.initialise(ctx); err != nil {
		return lang.Errorf("create the data folder %s: %w", data, err)
	}
	if err := c.clear(ctx); err != nil {
		return lang.Errorf("remove leftovers of a killed server from %s: %w", c.dir, err)
	}
	if err := c.configure(); err != nil {
		return lang.Errorf("set up the private PostgreSQL: %w", err)
	}
	early := c.path("start.log")
	if err := os.Remove(early); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return err
	}
	if err := c.startServer(ctx, early); err != nil {
		return lang.Errorf("start the private PostgreSQL: %w%s", err, c.lastWords())
	}
	c.started = true
	c.log.Info("started the private PostgreSQL", "version", c.install.major, "folder", c.dir)
	return nil
}

// settled waits while a server that is there starts or stops. The zero value
// means that none is there.
func (c *Cluster) settled(ctx context.Context) (postmaster, error) {
	silent := time.Duration(0)
	for {
		running, ok := readPostmaster(c.path(dataName))
		if !ok || !running.alive() {
			return postmaster{}, nil
		}
		if running.status == "ready" {
			if running.listens(ctx) {
				return running, nil
			}
			silent += pause // killed a moment ago, most likely
		}
		if silent > reapLimit {
			return postmaster{}, lang.Errorf("the private PostgreSQL is running but does not answer in %s; end process %d and try again", running.socket, running.pid)
		}
		if err := sleep(ctx, pause); err != nil {
			return postmaster{}, lang.Errorf("the private PostgreSQL (process %d) is %s: %w", running.pid, running.status, err)
		}
	}
}

// initialise makes the data folder, all of it or nothing.
func (c *Cluster) initialise(ctx context.Context) error {
	if _, err := os.Stat(c.path(dataName)); !errors.Is(err, fs.ErrNotExist) {
		return err
	}
	if err := os.RemoveAll(c.path(newName)); err != nil {
		return err
	}
	c.log.Info("creating the private PostgreSQL", "version", c.install.major, "folder", c.dir)
	args := []string{"--pgdata=" + c.path(newName), "--username=" + Admin, "--auth=peer",
		"--encoding=UTF8", "--locale=C.UTF-8", "--data-checksums"}
	if c.overrides["fsync"] == "off" {
		args = append(args, "--no-sync")
	}
	if err := c.run(ctx, "initdb", args...); err != nil {
		return err
	}
	if err := include(filepath.Join(c.path(newName), "postgresql.conf"), ourSettings); err != nil {
		return err
	}
	if err := os.Rename(c.path(newName), c.path(dataName)); err != nil {
		return err
	}
	return syncFolder(c.dir)
}

// configure rewrites the server's settings, so that those of a newer yizhan take effect.
func (c *Cluster) configure() error {
	for _, dir := range []string{c.socket, c.path(logName)} {
		if err := c.private(dir); err != nil {
			return err
		}
	}
	data := c.path(dataName)
	return errors.Join(
		c.write(data, ourSettings, configuration(c.settings())),
		c.write(data, "pg_hba.conf", admission()),
		c.write(data, "pg_ident.conf", c.identities()))
}

// clear removes what a killed server left: files with the number of a process
// that may be somebody else's by now, and its children.
func (c *Cluster) clear(ctx context.Context) error {
	socket := socketFile(c.socket)
	for _, stale := range []string{filepath.Join(c.path(dataName), pidFile), socket, socket + ".lock"} {
		if err := os.Remove(stale); err != nil && !errors.Is(err, fs.ErrNotExist) {
			return err
		}
	}
	return c.endOrphans(ctx)
}

// endOrphans ends the children of a killed server that have not noticed yet,
// because they would keep another from starting.
func (c *Cluster) endOrphans(ctx context.Context) error {
	signal := syscall.SIGTERM
	for deadline := time.Now().Add(reapLimit); ; {
		left := orphans(c.path(dataName))
		if len(left) == 0 {
			return nil
		}
		if time.Now().After(deadline) {
			signal = syscall.SIGKILL
		}
		for _, pid := range left {
			if err := syscall.Kill(pid, signal); err != nil && !errors.Is(err, syscall.ESRCH) {
				return lang.Errorf("process %d: %w", pid, err)
			}
		}
		if err := sleep(ctx, pause); err != nil {
			return err
		}
	}
}

// createDatabase makes the database unless it is there. A server that recovers from
// a crash while it runs is waited for.
func (c *Cluster) createDatabase(ctx context.Context) error {
	for {
		err := c.askForDatabase(ctx)
		if err == nil || !strings.Contains(err.Error(), "not yet accepting connections") && !strings.Contains(err.Error(), "in recovery mode") &&
			!strings.Contains(err.Error(), "starting up") {
			return err
		}
		if err := sleep(ctx, pause); err != nil {
			return err
		}
	}
}

// askForDatabase makes the database as the role that made the cluster, which is the
// owner in a cluster of an earlier release.
func (c *Cluster) askForDatabase(ctx context.Context) (err error) {
	for _, role := range []string{Admin, Owner} {
		err = c.run(ctx, "createdb", "--host="+c.socket, fmt.Sprint("--port=", port), "--username="+role,
			"--no-password", "--maintenance-db=postgres", database)
		if err == nil || strings.Contains(err.Error(), "already exists") {
			return nil
		}
		if !strings.Contains(err.Error(), fmt.Sprintf("role %q does not exist", role)) {
			return err
		}
	}
	return err
}
