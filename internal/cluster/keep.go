package cluster

import (
	"context"
	"time"
)

// keepInterval is how often Keep looks.
const keepInterval = time.Second

// Keep looks after the server until the context ends: when it has died, it is
// brought up again. What cannot be done now is tried again at the next look.
func (c *Cluster) Keep(ctx context.Context) {
	tick := time.NewTicker(keepInterval)
	defer tick.Stop()
	for {
		select {
		case <-ctx.Done():
			return
		case <-tick.C:
		}
		if c.PID() != 0 {
			continue
		}
		c.log.Warn("the private PostgreSQL has died; restarting it", "folder", c.dir)
		if err := c.Restart(ctx); err != nil && ctx.Err() == nil {
			c.log.Error("restart the private PostgreSQL", "error", err)
		}
	}
}
