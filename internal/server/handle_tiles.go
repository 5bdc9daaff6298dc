package server

import (
	"net/http"
	"strings"

	"github.com/go-chi/chi/v5"

	"yizhan/geo"
	"yizhan/internal/tileserve"
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
	at, asked, err := s.readTile(r)
	if err != nil {
		return err
	}
	return s.answerTile(w, r, asked, at)
}

// answerTile answers with a tile of what is asked for.
func (s *Server) answerTile(w http.ResponseWriter, r *http.Request, asked *tileserve.Asked, at geo.Tile) error {
	encoding, acceptable := negotiate(r.Header["Accept-Encoding"])
	if !acceptable {
		return errNotAcceptable
	}
	key := asked.Key(at)
	if tag := s.tiles.Tag(key, encoding); tag != nil && matches(r.Header["If-None-Match"], tag[0]) {
		s.tiles.Unchanged(key)
		s.markStale(w)
		unchanged(w, tag, nil)
		return nil
	}
	done, err := s.tiles.Tile(r.Context(), clientOf(r), asked, at, encoding)
	if err != nil {
		return err
	}
	s.markStale(w)
	return s.sendTile(w, r, encoding, key, done)
}

// readTile reads the address of a tile and what of its layers is to be seen.
func (s *Server) readTile(r *http.Request) (at geo.Tile, asked *tileserve.Asked, err error) {
	if at, err = geo.ParseTile(chi.URLParam(r, "z"), chi.URLParam(r, "x"), chi.URLParam(r, "y")); err != nil {
		return at, nil, err
	}
	asked, err = s.tiles.Ask(chi.URLParam(r, "layers"), r.URL.Query())
	return at, asked, err
}

// explain says what a tile is made of.
func (s *Server) explain(w http.ResponseWriter, r *http.Request) error {
	at, asked, err := s.readTile(r)
	if err != nil {
		return err
	}
	explained, err := s.tiles.Explain(r.Context(), clientOf(r), asked, at)
	if err != nil {
		return err
	}
	w.Header().Set("Cache-Control", "no-store")
	writeJSON(w, http.StatusOK, explained)
	return nil
}

// tileJSON describes one or several layers (TileJSON 3.0).
func (s *Server) tileJSON(w http.ResponseWriter, r *http.Request) error {
	asked, err := s.tiles.Ask(chi.URLParam(r, "layers"), r.URL.Query())
	if err != nil {
		return err
	}
	described, err := s.tiles.Describe(r.Context(), clientOf(r), origin(r), asked)
	if err != nil {
		return err
	}
	s.markStale(w)
	w.Header().Set("Cache-Control", "no-cache")
	writeJSON(w, http.StatusOK, described)
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
	chosen, err := tileserve.Choose(state, list)
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
