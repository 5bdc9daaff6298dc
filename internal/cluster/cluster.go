package cluster

import (
	"context"
	"errors"
	"log/slog"
	"syscall"
	"time"

	"yizhan/internal/lang"
)

// How long the server may take to stop: politely, then at once.
const (
	stopLimit  = 30 * time.Second
	abortLimit = 10 * time.Second
)

// Cluster is one process's share in the private PostgreSQL of a folder. It is
// safe for concurrent use.
type Cluster struct {
	dir       string
	socket    string // folder of the unix socket
	account   account
	install   installation
	overrides map[string]string
	log       *slog.Logger

	lock    *fileLock // exclusive while starting and stopping
	users   *fileLock // shared for as long as we use the server
	started bool
}

// Open starts the private PostgreSQL of a folder, or attaches to it when it
// runs, and sees that it has its database. A folder that does not exist is made.
// What a killed process left behind is taken over or cleared away. Open is
// ErrNotInstalled, with the command that helps, when PostgreSQL or PostGIS is missing.
func Open(ctx context.Context, o Options) (*Cluster, error) {
	dir, err := o.folder()
	if err != nil {
		return nil, err
	}
	who, err := accountFor(dataFolder(dir))
	if err != nil {
		return nil, err
	}
	c := &Cluster{dir: dir, account: who, overrides: o.Settings, log: o.logger(), socket: socketFolder(dir, who.uid)}
	major, err := dataVersion(dataFolder(dir))
	if err != nil {
		return nil, err
	}
	if c.install, err = choose(installations(ctx), major); err != nil {
		return nil, err
	}
	if err := c.prepareFolder(); err != nil {
		return nil, err
	}
	if err := c.account.reaches(ctx, dir); err != nil {
		return nil, err
	}
	if c.lock, err = openLock(c.path(lockFile), who); err != nil {
		return nil, err
	}
	if c.users, err = openLock(c.path(usersFile), who); err != nil {
		return nil, errors.Join(err, c.lock.close())
	}
	if err := c.enter(ctx); err != nil {
		return nil, errors.Join(err, c.Close(context.WithoutCancel(ctx)))
	}
	return c, nil
}

// enter counts this process among the users and brings the server up.
func (c *Cluster) enter(ctx context.Context) error {
	return c.locked(ctx, func() error {
		if err := c.users.take(ctx, syscall.LOCK_SH); err != nil {
			return err
		}
		if err := c.bringUp(ctx); err != nil {
			return err
		}
		return c.createDatabase(ctx)
	})
}

// locked runs step while no other process starts or stops the server.
func (c *Cluster) locked(ctx context.Context, step func() error) error {
	if err := c.lock.take(ctx, syscall.LOCK_EX); err != nil {
		return err
	}
	err := step()
	_, unlocked := c.lock.try(syscall.LOCK_UN)
	return errors.Join(err, unlocked)
}

// Started tells whether this process started the server, and did not find it running.
func (c *Cluster) Started() bool { return c.started }

// Dir is the data folder.
func (c *Cluster) Dir() string { return c.dir }

// DSN is the address of one of the server's databases for one of its roles, as a URL.
func (c *Cluster) DSN(database, role string) string { return addressOf(c.socket, database, role).URL }

// Restart brings the server up again if it has died.
func (c *Cluster) Restart(ctx context.Context) error {
	return c.locked(ctx, func() error { return c.bringUp(ctx) })
}

// Close leaves the server, and stops it when no other process uses it:
// politely for as long as ctx allows, 30 seconds at most, then at once.
func (c *Cluster) Close(ctx context.Context) error {
	ctx, cancel := context.WithTimeout(ctx, stopLimit)
	defer cancel()
	err := c.locked(ctx, func() error {
		last, err := c.users.try(syscall.LOCK_EX)
		if err != nil || !last {
			return err
		}
		return c.stop(ctx)
	})
	if err != nil {
		err = lang.Errorf("stop the private PostgreSQL: %w", err)
	}
	return errors.Join(err, c.users.close(), c.lock.close())
}

// PID is the server's process, 0 when none runs.
func (c *Cluster) PID() int {
	running, ok := readPostmaster(c.path(dataName))
	if !ok || !running.alive() {
		return 0
	}
	return running.pid
}
