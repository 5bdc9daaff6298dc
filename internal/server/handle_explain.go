package server

import (
	"net/http"
	"time"

	"github.com/go-chi/chi/v5"

	"yizhan/geo"
	"yizhan/tiles"
)

// explained is what a tile is made of, and what it cost.
type explained struct {
	Tile         string             `json:"tile"`
	Layers       []tiles.LayerStats `json:"layers"`
	Bytes        int                `json:"bytes"`      // uncompressed
	GzipBytes    int                `json:"gzip_bytes"` // as it is served
	ETag         string             `json:"etag"`
	Cache        string             `json:"cache"` // hit or miss
	Version      string             `json:"version"`
	Milliseconds float64            `json:"milliseconds"` // of drawing and packing it anew
}

// explain draws a tile aside, without touching the cache, and says what became of
// the features of each layer.
func (s *Server) explain(w http.ResponseWriter, r *http.Request) error {
	if err := onlyParameters(r); err != nil {
		return err
	}
	address, err := geo.ParseTile(chi.URLParam(r, "z"), chi.URLParam(r, "x"), chi.URLParam(r, "y"))
	if err != nil {
		return err
	}
	state := s.replica.State()
	if state == nil {
		return errLoading
	}
	chosen, err := choose(state, chi.URLParam(r, "layers"))
	if err != nil {
		return err
	}
	var layers []*geo.Collection
	for _, l := range chosen {
		layers = append(layers, state.Layers[l.Name])
	}
	answer := explained{Tile: address.String(), Layers: []tiles.LayerStats{}, Cache: "miss", Version: state.Version}
	if _, hit := s.cache.Get(tiles.Key{Layers: join(chosen), Tile: address}); hit {
		answer.Cache = "hit"
	}
	started := time.Now()
	body, stats, err := s.drawer.Draw(address, layers, tiles.Options{})
	if err != nil {
		return err
	}
	done, err := tiles.Finish(body)
	if err != nil {
		return err
	}
	answer.Milliseconds = float64(time.Since(started).Microseconds()) / 1000
	answer.Bytes, answer.GzipBytes, answer.ETag = len(body), len(done.Gzip()), done.ETag(false)[0]
	for _, l := range stats.Layers {
		answer.Layers = append(answer.Layers, l)
	}
	w.Header().Set("Cache-Control", "no-store")
	writeJSON(w, http.StatusOK, answer)
	return nil
}
