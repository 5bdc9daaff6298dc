package main

import (
	"context"
	"log/slog"
	"sync"
	"time"

	"yizhan/internal/ledger"
)

type expireCommand struct {
	ledgerFlags
}

func (c *expireCommand) Help() string {
	return `Deletes rows of personal layers whose last day of retention (expires_at) has passed, and purges them from the
journal. A running server does this at startup and every hour.

Example:
  yizhan expire`
}

// Run expires once.
func (c *expireCommand) Run(ctx context.Context, log *slog.Logger, t terminal) error {
	opened, err := c.open(ctx, log)
	if err != nil {
		return err
	}
	defer opened.close(ctx, log)
	expired, err := opened.Expire(ctx, actor(ctx))
	for _, e := range expired {
		t.sayf("layer %s: %d expired rows deleted, %d former rows purged from the journal", e.Layer, e.Deleted, e.FormerRows)
	}
	if err == nil && len(expired) == 0 {
		t.sayf("no expired personal data")
	}
	return err
}

// expireEvery is how often a server looks for expired rows.
const expireEvery = time.Hour

// keepExpiring expires now and every hour until the context ends; wait returns then.
func keepExpiring(ctx context.Context, s *ledger.Ledger, log *slog.Logger) (wait func()) {
	var job sync.WaitGroup
	job.Go(func() {
		tick := time.NewTicker(expireEvery)
		defer tick.Stop()
		for {
			expired, err := s.Expire(ctx, "expiry")
			switch {
			case ctx.Err() != nil:
				return
			case err != nil:
				log.Warn("expired persons could not be deleted; retrying in an hour", "error", err)
			}
			for _, e := range expired {
				log.Info("expired persons deleted", "layer", e.Layer, "deleted", e.Deleted, "former_rows", e.FormerRows)
			}
			select {
			case <-ctx.Done():
				return
			case <-tick.C:
			}
		}
	})
	return job.Wait
}
