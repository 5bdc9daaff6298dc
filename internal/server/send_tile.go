package server

import (
	"net/http"
	"strings"

	"yizhan/tiles"
)

// sendTile writes a finished tile in the encoding that the client likes best, or 304.
func (s *Server) sendTile(w http.ResponseWriter, r *http.Request, k tiles.Key, t *tiles.Tile) error {
	encoding, acceptable := negotiate(r.Header["Accept-Encoding"])
	if !acceptable {
		return errNotAcceptable
	}
	etag := t.ETag(encoding)
	if matches(r.Header["If-None-Match"], etag[0]) {
		describeTile(w.Header(), t, etag)
		w.WriteHeader(http.StatusNotModified)
		return nil
	}
	body, err := s.cache.Encoded(k, t, encoding)
	if err != nil {
		return err
	}
	h := w.Header()
	describeTile(h, t, etag)
	if t.Empty() {
		w.WriteHeader(http.StatusNoContent)
		return nil
	}
	if name := contentEncoding[encoding]; name != nil {
		h["Content-Encoding"] = name
	}
	h["Content-Type"] = tileContentType
	h["Content-Length"] = body.Length
	if r.Method != http.MethodHead {
		w.Write(body.Bytes)
	}
	return nil
}

// describeTile sets the headers that an answer with a tile and a 304 share.
func describeTile(h http.Header, t *tiles.Tile, etag []string) {
	h["Vary"] = varyEncoding
	h["Cache-Control"] = tileCacheControl
	h["Etag"] = etag
	if degraded := t.Degraded(); degraded != nil {
		h["X-Tile-Degraded"] = degraded
	}
}

// unchanged answers 304 for a tile whose version still stands.
func unchanged(w http.ResponseWriter, etag []string) {
	h := w.Header()
	h["Vary"] = varyEncoding
	h["Cache-Control"] = tileCacheControl
	h["Etag"] = etag
	w.WriteHeader(http.StatusNotModified)
}

// Header values that never change, made once.
var (
	varyEncoding     = []string{"Accept-Encoding"}
	tileCacheControl = []string{tileCaching}
	tileContentType  = []string{tileType}
	contentEncoding  = [...][]string{tiles.Identity: nil, tiles.Gzip: {"gzip"}, tiles.Zstd: {"zstd"}}
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
