package server

import (
	"context"
	"net/http"
	"time"

	"yizhan/geo"
	"yizhan/tiles"
)

// explained is what a tile is made of, and what it cost.
type explained struct {
	Tile         string           `json:"tile"`
	View         string           `json:"view"` // as the cache knows it
	Layers       []explainedLayer `json:"layers"`
	Degraded     string           `json:"degraded,omitempty"` // as the header has it
	Bytes        int              `json:"bytes"`              // uncompressed
	GzipBytes    int              `json:"gzip_bytes"`         // as it is served
	ETag         string           `json:"etag"`
	Cache        string           `json:"cache"` // hit or miss
	Version      string           `json:"version"`
	Milliseconds float64          `json:"milliseconds"` // of drawing and packing it anew
}

type explainedLayer struct {
	tiles.LayerStats
	Parts tiles.Parts `json:"parts"` // where the bytes go
}

// explainKey is what one explanation serves: it is made from that version or a later one.
type explainKey struct {
	view    string
	tile    geo.Tile
	version string
}

// explain draws a tile aside, without touching the cache, and says what became of
// the features of each layer. It waits its turn, and then that of a drawing.
func (s *Server) explain(w http.ResponseWriter, r *http.Request) error {
	address, v, state, err := s.readTile(r)
	if err != nil {
		return err
	}
	client := clientOf(r)
	key := explainKey{view: v.name(), tile: address, version: state.Version}
	made, err := s.explanations.get(r.Context(), client, key, func(ctx context.Context) (*explained, error) {
		leave, err := s.turns.explains.Enter(ctx, client)
		if err != nil {
			return nil, err
		}
		defer leave()
		return s.explanation(ctx, client, v, address)
	})
	if err != nil {
		return err
	}
	answer := *made
	answer.Cache = "miss"
	if s.cache.Has(tiles.Key{Layers: key.view, Tile: address}) {
		answer.Cache = "hit"
	}
	w.Header().Set("Cache-Control", "no-store")
	writeJSON(w, http.StatusOK, answer)
	return nil
}

// explanation is what there is to say of a tile in the newest state.
func (s *Server) explanation(ctx context.Context, client string, v *view, at geo.Tile) (*explained, error) {
	state := s.replica.State()
	answer := &explained{Tile: at.String(), View: v.name(), Layers: []explainedLayer{}, Version: state.Version}
	collections, err := s.collections(ctx, client, v, state)
	if err != nil {
		return nil, err
	}
	return answer, s.cache.Aside(ctx, func() error {
		started := time.Now()
		body, stats, err := s.draw(v, at, collections)
		if err != nil {
			return err
		}
		return answer.fill(s.cache.Finish(body, stats.Degraded()), stats, started)
	})
}

// fill says what a tile that was drawn is made of.
func (e *explained) fill(done *tiles.Tile, stats tiles.Stats, started time.Time) error {
	plain, err := done.In(tiles.Identity)
	if err != nil {
		return err
	}
	packed, err := done.In(tiles.Gzip)
	if err != nil {
		return err
	}
	e.Milliseconds = float64(time.Since(started).Microseconds()) / 1000
	e.Bytes, e.GzipBytes, e.ETag = done.Len(), len(packed.Bytes), done.ETag(tiles.Identity)[0]
	e.Degraded = stats.Degraded()
	parts, err := tiles.Weigh(plain.Bytes)
	if err != nil {
		return err
	}
	for _, l := range stats.Layers {
		e.Layers = append(e.Layers, explainedLayer{LayerStats: l, Parts: parts[l.Layer]})
	}
	return nil
}
