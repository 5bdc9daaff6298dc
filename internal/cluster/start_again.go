package cluster

import (
	"context"
	"strings"
)

// startServer starts the server and waits until it takes connections. The limit is
// ctx: a recovery takes as long as it takes.
//
// A start that found a file in its way is tried once more. When the server is killed
// while a transaction that made an unlogged table is undone, files of the table are
// gone of which the log says that they are there: recovery makes them again, and
// stops at those that are left. The next start knows them all, and puts them right.
func (c *Cluster) startServer(ctx context.Context, early string) error {
	start := func() error {
		return c.run(ctx, "pg_ctl", "start", "--silent", "--wait", "--timeout=86400", "--pgdata="+c.path(dataName), "--log="+early)
	}
	err := start()
	if err == nil || ctx.Err() != nil {
		return err
	}
	words := c.lastWords()
	if !strings.Contains(words, "could not create file") || !strings.Contains(words, "File exists") {
		return err
	}
	c.log.Warn("restarting the private PostgreSQL: files of an unfinished table blocked recovery", "folder", c.dir)
	return start()
}
