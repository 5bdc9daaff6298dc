package server

import (
	"context"
	"net/http"
	"strings"
	"time"

	"github.com/go-chi/chi/v5"

	"yizhan/geo"
	"yizhan/geo/index"
	"yizhan/internal/replica"
	"yizhan/tiles"
)

// Headers of a tile. Browsers keep it and ask again with its ETag each time, so
// that what they show is never older than the last answer.
const (
	tileType    = "application/vnd.mapbox-vector-tile" // RFC 6838 registration of MVT 2.1
	tileCaching = "public, max-age=0, must-revalidate"
)

// tile answers with one tile of one or several layers that serveHot did not find finished.
func (s *Server) tile(w http.ResponseWriter, r *http.Request) error {
	address, v, _, err := s.readTile(r)
	if err != nil {
		return err
	}
	encoding, acceptable := negotiate(r.Header["Accept-Encoding"])
	if !acceptable {
		return errNotAcceptable
	}
	key := tiles.Key{Layers: v.name(), Tile: address}
	if tag := s.cache.Tag(key, encoding); tag != nil && matches(r.Header["If-None-Match"], tag[0]) {
		s.markStale(w)
		unchanged(w, tag, nil)
		return nil
	}
	if _, hot := hotKey(r.URL.Path); !hot || r.URL.RawQuery != "" { // serveHot has not looked
		if done, hit := s.cache.Get(key); hit {
			s.markStale(w)
			return s.sendTile(w, r, encoding, key, done)
		}
	}
	done, err := s.fill(r, v, key, encoding)
	if err != nil {
		return err
	}
	s.markStale(w)
	return s.sendTile(w, r, encoding, key, done)
}

// fill has a tile drawn from the newest state, which is read here, after the fill is
// registered, so that a later change drops it. A past is made before the drawing has
// its turn.
func (s *Server) fill(r *http.Request, v *view, key tiles.Key, encoding tiles.Encoding) (*tiles.Tile, error) {
	client := clientOf(r)
	if v.past() {
		leave, err := s.turns.views.Enter(r.Context(), client)
		if err != nil {
			return nil, err
		}
		defer leave()
	}
	return s.cache.FillPrepared(r.Context(), key, encoding, func(ctx context.Context) (tiles.Draft, error) {
		collections, err := s.collections(ctx, client, v, s.replica.State())
		return func(context.Context) ([]byte, string, error) {
			started := time.Now()
			body, stats, err := s.draw(v, key.Tile, collections)
			s.metrics.draws.Observe(time.Since(started).Seconds())
			return body, stats.Degraded(), err
		}, err
	})
}

// readTile reads the address of a tile and what of its layers is to be seen, in the
// state that they are in.
func (s *Server) readTile(r *http.Request) (at geo.Tile, v *view, state *replica.State, err error) {
	if at, err = geo.ParseTile(chi.URLParam(r, "z"), chi.URLParam(r, "x"), chi.URLParam(r, "y")); err != nil {
		return at, nil, nil, err
	}
	if state = s.replica.State(); state == nil {
		return at, nil, nil, errLoading
	}
	v, err = s.readView(r, state, chi.URLParam(r, "layers"))
	return at, v, state, err
}

// draw draws a view's tile.
func (s *Server) draw(v *view, at geo.Tile, collections []*index.Collection) ([]byte, tiles.Stats, error) {
	options, err := v.options(collections)
	if err != nil {
		return nil, tiles.Stats{}, err
	}
	return s.drawer.Draw(at, collections, options)
}

func join(layers []geo.Layer) string {
	names := make([]string, len(layers))
	for i, l := range layers {
		names[i] = string(l.Name)
	}
	return strings.Join(names, ",")
}

// tileJSON describes one or several layers (TileJSON 3.0).
func (s *Server) tileJSON(w http.ResponseWriter, r *http.Request) error {
	state, err := s.state(w)
	if err != nil {
		return err
	}
	v, err := s.readView(r, state, chi.URLParam(r, "layers"))
	if err != nil {
		return err
	}
	collections, err := s.collections(r.Context(), clientOf(r), v, state)
	if err != nil {
		return err
	}
	shown := tiles.Options{Datum: v.datum, Columns: v.columns} // a filter changes nothing here but the address
	w.Header().Set("Cache-Control", "no-cache")
	writeJSON(w, http.StatusOK, tiles.NewTileJSON(origin(r), v.query().Encode(), collections, shown))
	return nil
}

// style is a MapLibre style of the named layers, or of all for "city".
func (s *Server) style(w http.ResponseWriter, r *http.Request) error {
	if err := onlyParameters(r); err != nil {
		return err
	}
	state, err := s.state(w)
	if err != nil {
		return err
	}
	list := chi.URLParam(r, "layers")
	if list == "city" {
		list = strings.Join(shownNames(state), ",")
	}
	chosen, err := choose(state, list)
	if err != nil {
		return err
	}
	w.Header().Set("Cache-Control", "no-cache")
	writeJSON(w, http.StatusOK, tiles.NewStyle(origin(r), chosen))
	return nil
}

// origin is scheme and host as the client used them.
func origin(r *http.Request) string {
	scheme := "http"
	if r.TLS != nil || r.Header.Get("X-Forwarded-Proto") == "https" {
		scheme = "https"
	}
	return scheme + "://" + r.Host
}
