package jobs

import (
	"context"
	"errors"
	"time"

	"yizhan/geo"
	"yizhan/internal/merge"
)

// sweepEvery is how often leftovers are removed.
const sweepEvery = 10 * time.Minute

// Sweep removes now and then, until the context ends, what earlier runs of the server left
// behind: folders of uploads, and previews that were interrupted or never applied.
func (p *Previews) Sweep(ctx context.Context) {
	if removed, err := p.receiver.Folder.Clean(); err != nil || removed > 0 {
		p.Log.Info("folders of uploads left by earlier runs were removed", "folders", removed, "error", err)
	}
	tick := time.NewTicker(sweepEvery)
	defer tick.Stop()
	for {
		interrupted, expired, err := p.Merge.CleanPreviews(ctx)
		switch {
		case ctx.Err() != nil:
			return
		case err != nil:
			p.Log.Warn("imports cannot be cleaned up now", "error", p.Redacted(err))
		default:
			p.Log.Info("imports cleaned up", "interrupted", interrupted, "expired", expired)
		}
		p.dropDecided(ctx)
		select {
		case <-ctx.Done():
			return
		case <-tick.C:
		}
	}
}

// dropDecided removes uploads that somebody else applied or discarded.
func (p *Previews) dropDecided(ctx context.Context) {
	for _, one := range p.all() {
		if !one.Over() || !one.kept() {
			continue
		}
		preview, err := p.Merge.ReadPreview(ctx, one.ID)
		if errors.Is(err, geo.ErrNotFound) || err == nil && preview.State != merge.Previewed {
			p.drop(one)
		}
	}
}
