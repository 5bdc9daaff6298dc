package main

import (
	"context"
	"fmt"
	"log/slog"
	"os"
	"sync"
	"time"

	"yizhan/internal/ledger"
)

type expireCommand struct {
	ledgerFlags
	Language string `name:"lang" help:"Language of what is said: zh or en (default: by LANG)." enum:"zh,en,auto" default:"auto"`
}

func (c *expireCommand) Help() string {
	return `Deletes rows of personal layers whose expires_at, the last day on which they may be kept, has passed, and purges
what the journal has of them. A running server does so at its start and every hour.

Example:
  yizhan expire`
}

// Run expires once.
func (c *expireCommand) Run(ctx context.Context, log *slog.Logger) error {
	opened, err := c.open(ctx, log)
	if err != nil {
		return err
	}
	defer opened.close(ctx, log)
	expired, err := opened.Expire(ctx, actor(ctx))
	text := map[string]string{"zh": "图层 %s：到期删除 %d 条，清除日志原值 %d 条\n", "en": "layer %s: deleted %d, former rows purged %d\n"}
	none := map[string]string{"zh": "没有到期的个人信息", "en": "nobody's time is over"}
	language := (&importCommand{Language: c.Language}).language()
	for _, e := range expired {
		fmt.Fprintf(people(os.Stdout), text[language], e.Layer, e.Deleted, e.FormerRows)
	}
	if err == nil && len(expired) == 0 {
		say("%s", none[language])
	}
	return err
}

// expireEvery is how often a server looks whose time is over.
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
				log.Warn("persons whose time is over cannot be deleted now; it is tried again in an hour", "error", err)
			}
			for _, e := range expired {
				log.Info("persons whose time was over were deleted", "layer", e.Layer, "deleted", e.Deleted, "former_rows", e.FormerRows)
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
