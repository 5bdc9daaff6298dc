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

// tileRoutes are the addresses of tiles and of what describes them.
type tileRoutes struct {
	*presence
	service *tileserve.Service
}

// tile answers with one tile of one or several layers that serveHot did not find finished.
func (t *tileRoutes) tile(w http.ResponseWriter, r *http.Request) error {
	at, asked, err := t.readTile(r)
	if err != nil {
		return err
	}
	return t.answerTile(w, r, asked, at)
}

// answerTile answers with a tile of what is asked for.
func (t *tileRoutes) answerTile(w http.ResponseWriter, r *http.Request, asked *tileserve.Asked, at geo.Tile) error {
	encoding, acceptable := negotiate(r.Header["Accept-Encoding"])
	if !acceptable {
		return errEncodings
	}
	key := asked.Key(at)
	if tag := t.service.Tag(key, encoding); tag != nil && matches(r.Header["If-None-Match"], tag[0]) {
		t.service.Unchanged(key)
		t.markStale(w)
		unchanged(w, tag, nil)
		return nil
	}
	done, err := t.service.Tile(r.Context(), clientOf(r), asked, at, encoding)
	if err != nil {
		return err
	}
	t.markStale(w)
	return t.sendTile(w, r, encoding, key, done)
}

// readTile reads the address of a tile and the view of its layers.
func (t *tileRoutes) readTile(r *http.Request) (at geo.Tile, asked *tileserve.Asked, err error) {
	if at, err = geo.ParseTile(chi.URLParam(r, "z"), chi.URLParam(r, "x"), chi.URLParam(r, "y")); err != nil {
		return at, nil, err
	}
	asked, err = t.service.Ask(chi.URLParam(r, "layers"), r.URL.Query())
	return at, asked, err
}

// explain reports what a tile contains.
func (t *tileRoutes) explain(w http.ResponseWriter, r *http.Request) error {
	at, asked, err := t.readTile(r)
	if err != nil {
		return err
	}
	explained, err := t.service.Explain(r.Context(), clientOf(r), asked, at)
	if err != nil {
		return err
	}
	w.Header().Set("Cache-Control", "no-store")
	writeJSON(w, http.StatusOK, explained)
	return nil
}

// tileJSON describes one or several layers (TileJSON 3.0).
func (t *tileRoutes) tileJSON(w http.ResponseWriter, r *http.Request) error {
	asked, err := t.service.Ask(chi.URLParam(r, "layers"), r.URL.Query())
	if err != nil {
		return err
	}
	described, err := t.service.Describe(r.Context(), clientOf(r), origin(r), asked)
	if err != nil {
		return err
	}
	t.markStale(w)
	w.Header().Set("Cache-Control", "no-cache")
	writeJSON(w, http.StatusOK, described)
	return nil
}

// style is a MapLibre style of the named layers, or of all for "city".
func (t *tileRoutes) style(w http.ResponseWriter, r *http.Request) error {
	if err := onlyParameters(r); err != nil {
		return err
	}
	state, err := t.state(w)
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
