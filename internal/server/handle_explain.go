package server

import (
	"net/http"
	"time"

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

// explain draws a tile aside, without touching the cache, and says what became of
// the features of each layer.
func (s *Server) explain(w http.ResponseWriter, r *http.Request) error {
	address, v, state, err := s.readTile(r)
	if err != nil {
		return err
	}
	answer := explained{Tile: address.String(), View: v.name(), Layers: []explainedLayer{}, Cache: "miss", Version: state.Version}
	if s.cache.Has(tiles.Key{Layers: v.name(), Tile: address}) {
		answer.Cache = "hit"
	}
	started := time.Now()
	body, stats, err := s.draw(r.Context(), v, address)
	if err != nil {
		return err
	}
	done := tiles.Finish(body, stats.Degraded())
	packed, err := done.In(tiles.Gzip)
	if err != nil {
		return err
	}
	answer.Milliseconds = float64(time.Since(started).Microseconds()) / 1000
	answer.Bytes, answer.GzipBytes, answer.ETag = len(body), len(packed.Bytes), done.ETag(tiles.Identity)[0]
	answer.Degraded = stats.Degraded()
	parts, err := tiles.Weigh(body)
	if err != nil {
		return err
	}
	for _, l := range stats.Layers {
		answer.Layers = append(answer.Layers, explainedLayer{LayerStats: l, Parts: parts[l.Layer]})
	}
	w.Header().Set("Cache-Control", "no-store")
	writeJSON(w, http.StatusOK, answer)
	return nil
}
