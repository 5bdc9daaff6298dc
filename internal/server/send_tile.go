package server

import (
	"net/http"
	"strings"

	"yizhan/tiles/cache"
)

// sendTile writes a finished tile in an encoding, or 304.
func (t *tileRoutes) sendTile(w http.ResponseWriter, r *http.Request, e cache.Encoding, k cache.Key,
	done *cache.Tile) error {
	etag := done.ETag(e)
	if matches(r.Header["If-None-Match"], etag[0]) {
		unchanged(w, etag, done.Degraded())
		return nil
	}
	body, err := t.service.Encoded(k, done, e)
	if err != nil {
		return err
	}
	h := w.Header()
	describeTile(h, etag, done.Degraded())
	if done.Empty() {
		w.WriteHeader(http.StatusNoContent)
		return nil
	}
	if name := contentEncoding[e]; name != nil {
		h["Content-Encoding"] = name
	}
	h["Content-Type"] = tileContentType
	h["Content-Length"] = body.Length
	if r.Method != http.MethodHead {
		w.Write(body.Bytes)
	}
	return nil
}

// unchanged answers 304 for a tile whose version still stands.
func unchanged(w http.ResponseWriter, etag, degraded []string) {
	describeTile(w.Header(), etag, degraded)
	w.WriteHeader(http.StatusNotModified)
}

// describeTile sets the headers that an answer with a tile and a 304 share; degraded
// may be nil.
func describeTile(h http.Header, etag, degraded []string) {
	h["Vary"] = varyEncoding
	h["Cache-Control"] = tileCacheControl
	h["Etag"] = etag
	if degraded != nil {
		h["X-Tile-Degraded"] = degraded
	}
}

// Header values that never change, made once.
var (
	varyEncoding     = []string{"Accept-Encoding"}
	tileCacheControl = []string{tileCaching}
	tileContentType  = []string{tileType}
	contentEncoding  = [...][]string{cache.Identity: nil, cache.Gzip: {"gzip"}, cache.Zstd: {"zstd"}}
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
