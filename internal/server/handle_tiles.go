package server

import (
	"context"
	"net/http"
	"strconv"
	"strings"
	"time"

	"github.com/go-chi/chi/v5"

	"yizhan/geo"
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
	if err := onlyParameters(r); err != nil {
		return err
	}
	address, err := geo.ParseTile(chi.URLParam(r, "z"), chi.URLParam(r, "x"), chi.URLParam(r, "y"))
	if err != nil {
		return err
	}
	done, err := s.fill(r.Context(), tiles.Key{Layers: chi.URLParam(r, "layers"), Tile: address})
	if err != nil {
		return err
	}
	s.markStale(w)
	sendTile(w, r, done)
	return nil
}

// fill draws a tile that the cache does not hold, under the canonical name of
// its layers, so that another order or a repetition is no other tile.
func (s *Server) fill(ctx context.Context, key tiles.Key) (*tiles.Tile, error) {
	state := s.replica.State()
	if state == nil {
		return nil, errLoading
	}
	chosen, err := choose(state, key.Layers)
	if err != nil {
		return nil, err
	}
	canonical := join(chosen)
	s.aliases.remember(key.Layers, canonical)
	key.Layers = canonical
	return s.cache.Fill(ctx, key, func(context.Context) ([]byte, error) {
		started := time.Now()
		state := s.replica.State() // read after the fill is registered: a later change drops it
		var layers []*geo.Collection
		for _, l := range chosen {
			if c, shown := state.Layers[l.Name]; shown {
				layers = append(layers, c)
			}
		}
		body, _, err := s.drawer.Draw(key.Tile, layers, tiles.Options{})
		s.metrics.draws.Observe(time.Since(started).Seconds())
		return body, err
	})
}

func join(layers []geo.Layer) string {
	names := make([]string, len(layers))
	for i, l := range layers {
		names[i] = string(l.Name)
	}
	return strings.Join(names, ",")
}

// sendTile writes a finished tile in the encoding the client takes, or 304.
func sendTile(w http.ResponseWriter, r *http.Request, t *tiles.Tile) {
	h := w.Header()
	h["Vary"] = varyEncoding
	h["Cache-Control"] = tileCacheControl
	zipped := acceptsGzip(r.Header["Accept-Encoding"])
	etag := t.ETag(zipped)
	h["Etag"] = etag
	if matches(r.Header["If-None-Match"], etag[0]) {
		w.WriteHeader(http.StatusNotModified)
		return
	}
	if t.Empty() {
		w.WriteHeader(http.StatusNoContent)
		return
	}
	body := t.Gzip()
	if zipped {
		h["Content-Encoding"] = gzipEncoding
	} else {
		body = t.Plain()
	}
	h["Content-Type"] = tileContentType
	h["Content-Length"] = []string{strconv.Itoa(len(body))}
	if r.Method != http.MethodHead {
		w.Write(body)
	}
}

// Header values that never change, made once.
var (
	varyEncoding     = []string{"Accept-Encoding"}
	tileCacheControl = []string{tileCaching}
	tileContentType  = []string{tileType}
	gzipEncoding     = []string{"gzip"}
)

// matches reports whether an If-None-Match list names the tag (RFC 9110, 13.1.2;
// weak comparison).
func matches(headers []string, etag string) bool {
	for _, header := range headers {
		for header != "" {
			var one string
			one, header, _ = strings.Cut(header, ",")
			one = strings.TrimSpace(one)
			if one == "*" || strings.TrimPrefix(one, "W/") == etag {
				return true
			}
		}
	}
	return false
}

// acceptsGzip reads Accept-Encoding (RFC 9110, 12.5.3): gzip or * with a weight above zero.
func acceptsGzip(headers []string) bool {
	star, named := false, false
	for _, header := range headers {
		for header != "" {
			var one string
			one, header, _ = strings.Cut(header, ",")
			coding, parameter, _ := strings.Cut(strings.TrimSpace(one), ";")
			coding = strings.TrimSpace(coding)
			wanted := !zeroWeight(parameter)
			switch {
			case strings.EqualFold(coding, "gzip"), strings.EqualFold(coding, "x-gzip"):
				if wanted {
					return true
				}
				named = true
			case coding == "*":
				star = wanted
			}
		}
	}
	return star && !named
}

// zeroWeight reports whether a parameter is q=0, q=0.0 and so on.
func zeroWeight(parameter string) bool {
	name, value, found := strings.Cut(strings.TrimSpace(parameter), "=")
	if !found || !strings.EqualFold(strings.TrimSpace(name), "q") {
		return false
	}
	weight, err := strconv.ParseFloat(strings.TrimSpace(value), 64)
	return err != nil || weight <= 0
}

// tileJSON describes one or several layers (TileJSON 3.0).
func (s *Server) tileJSON(w http.ResponseWriter, r *http.Request) error {
	if err := onlyParameters(r); err != nil {
		return err
	}
	state, err := s.state(w)
	if err != nil {
		return err
	}
	chosen, err := choose(state, chi.URLParam(r, "layers"))
	if err != nil {
		return err
	}
	var collections []*geo.Collection
	for _, l := range chosen {
		collections = append(collections, state.Layers[l.Name])
	}
	w.Header().Set("Cache-Control", "no-cache")
	writeJSON(w, http.StatusOK, tiles.NewTileJSON(origin(r), collections))
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
