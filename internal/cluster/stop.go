package cluster

import (
	"context"
	"errors"
	"fmt"
	"math"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"
)

// stop ends the server with all its connections. It needs the lock. When ctx ends
// first, the server is aborted, which loses nothing that was committed.
func (c *Cluster) stop(ctx context.Context) error {
	running, ok := readPostmaster(c.path(dataName))
	if !ok || !running.alive() {
		return c.endOrphans(ctx)
	}
	err := c.halt(ctx, "fast")
	if err == nil {
		c.log.Info("stopped the private PostgreSQL", "folder", c.dir)
		return nil
	}
	c.log.Warn("the private PostgreSQL does not stop; aborting it", "folder", c.dir, "error", err)
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), abortLimit)
	defer cancel()
	return c.halt(ctx, "immediate")
}

func (c *Cluster) halt(ctx context.Context, mode string) error {
	limit := abortLimit
	if deadline, ok := ctx.Deadline(); ok {
		limit = time.Until(deadline)
	}
	seconds := max(1, int(math.Floor(limit.Seconds())))
	err := c.run(ctx, "pg_ctl", "stop", "--silent", "--wait", "--mode="+mode,
		fmt.Sprint("--timeout=", seconds), "--pgdata="+c.path(dataName))
	if running, ok := readPostmaster(c.path(dataName)); err != nil && (!ok || !running.alive()) {
		return nil // it went by itself meanwhile
	}
	return err
}

// lastWords are the end of what the server wrote before it gave up.
func (c *Cluster) lastWords() string {
	files := []string{c.path("start.log")}
	if logs, err := filepath.Glob(filepath.Join(c.path(logName), "*.log")); err == nil {
		files = append(files, slices.MaxFunc(append(logs, files[0]), byAge))
	}
	var words strings.Builder
	for _, file := range slices.Compact(files) {
		text, err := os.ReadFile(file)
		if err != nil {
			continue
		}
		lines := strings.Split(strings.TrimSpace(string(text)), "\n")
		for _, line := range lines[max(0, len(lines)-5):] {
			words.WriteString("\n  " + line)
		}
	}
	return words.String()
}

// byAge orders files by when they were last written; one that is not there is oldest.
func byAge(a, b string) int {
	x, errA := os.Stat(a)
	y, errB := os.Stat(b)
	if err := errors.Join(errA, errB); err != nil {
		return strings.Compare(fmt.Sprint(errB != nil), fmt.Sprint(errA != nil))
	}
	return x.ModTime().Compare(y.ModTime())
}
