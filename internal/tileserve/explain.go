package tileserve

import (
	"context"
	"time"

	"yizhan/geo"
	"yizhan/tiles"
	"yizhan/tiles/cache"
)

// Explanation is what a tile contains and what it cost.
type Explanation struct {
	Tile         string           `json:"tile"`
	View         string           `json:"view"` // as the cache knows it
	Layers       []ExplainedLayer `json:"layers"`
	Degraded     string           `json:"degraded,omitempty"` // as the header has it
	Bytes        int              `json:"bytes"`              // uncompressed
	GzipBytes    int              `json:"gzip_bytes"`         // as it is served
	ETag         string           `json:"etag"`
	Cache        string           `json:"cache"` // hit or miss
	Version      string           `json:"version"`
	Milliseconds float64          `json:"milliseconds"` // of drawing and packing it
}

// ExplainedLayer is the part of one layer.
type ExplainedLayer struct {
	tiles.LayerStats
	Parts tiles.Parts `json:"parts"` // where the bytes go
}

// explainKey is what one explanation serves: it is made from that version or a later one.
type explainKey struct {
	cache.Key
	version string
}

// Explain draws a tile without touching the cache, and reports what became of the features
// of each layer. It waits for its turn, then for that of a drawing.
func (s *Service) Explain(ctx context.Context, client string, a *Asked, at geo.Tile) (*Explanation, error) {
	state, err := s.Replica.Ready()
	if err != nil {
		return nil, err
	}
	k := explainKey{Key: a.Key(at), version: state.Version}
	made, err := s.explanations.Get(ctx, client, k, func(ctx context.Context) (*Explanation, error) {
		leave, err := s.Explains.Enter(ctx, client)
		if err != nil {
			return nil, err
		}
		defer leave()
		return s.explanation(ctx, client, a, at)
	})
	if err != nil {
		return nil, err
	}
	answer := *made
	answer.Cache = "miss"
	if s.cache.Has(k.Key) {
		answer.Cache = "hit"
	}
	return &answer, nil
}

// explanation is what there is to say of a tile in the newest state.
func (s *Service) explanation(ctx context.Context, client string, a *Asked, at geo.Tile) (*Explanation, error) {
	state := s.Replica.State()
	answer := &Explanation{Tile: at.String(), View: a.View.String(), Layers: []ExplainedLayer{}, Version: state.Version}
	collections, err := s.collections(ctx, client, a, state)
	if err != nil {
		return nil, err
	}
	return answer, s.cache.Aside(ctx, func() error {
		started := time.Now()
		body, stats, err := s.draw(a, at, collections)
		if err != nil {
			return err
		}
		return answer.fill(s.cache.Finish(body, stats.Degraded()), stats, started)
	})
}

// fill says what a tile that was drawn is made of.
func (e *Explanation) fill(done *cache.Tile, stats tiles.Stats, started time.Time) error {
	plain, err := done.In(cache.Identity)
	if err != nil {
		return err
	}
	packed, err := done.In(cache.Gzip)
	if err != nil {
		return err
	}
	e.Milliseconds = float64(time.Since(started).Microseconds()) / 1000
	e.Bytes, e.GzipBytes, e.ETag = done.Len(), len(packed.Bytes), done.ETag(cache.Identity)[0]
	e.Degraded = stats.Degraded()
	parts, err := tiles.Weigh(plain.Bytes)
	if err != nil {
		return err
	}
	for _, l := range stats.Layers {
		e.Layers = append(e.Layers, ExplainedLayer{LayerStats: l, Parts: parts[l.Layer]})
	}
	return nil
}
