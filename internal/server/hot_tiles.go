package server

import (
	"net/http"
	"strings"
	"time"

	"yizhan/geo"
)

// serveHot answers with a finished tile from the cache, and reports whether it did. It runs
// before the router, because only the address, two headers and the method matter. It
// allocates nothing; the answer has no request id and is not logged.
func (t *tileRoutes) serveHot(w http.ResponseWriter, r *http.Request) bool {
	if r.Method != http.MethodGet && r.Method != http.MethodHead || r.URL.RawQuery != "" {
		return false
	}
	layers, at, ok := hotTile(r.URL.Path)
	if !ok {
		return false
	}
	started := time.Now()
	key, done, finished := t.service.Finished(layers, at)
	if !finished {
		return false
	}
	encoding, acceptable := negotiate(r.Header["Accept-Encoding"])
	if !acceptable {
		return false // the router refuses it
	}
	h := w.Header()
	h["Access-Control-Allow-Origin"] = anyOrigin
	h["Access-Control-Expose-Headers"] = exposedHeaders
	t.markStale(w)
	if t.sendTile(w, r, encoding, key, done) != nil {
		return false // the router tells of it
	}
	t.metrics.hot.Observe(time.Since(started).Seconds())
	return true
}

// hotTile reads /tiles/{layers}/{z}/{x}/{y}.mvt from its end, without allocating.
func hotTile(path string) (layers string, at geo.Tile, ok bool) {
	rest, ok := strings.CutPrefix(path, "/tiles/")
	if !ok {
		return "", at, false
	}
	if rest, ok = strings.CutSuffix(rest, ".mvt"); !ok {
		return "", at, false
	}
	var parts [3]string
	for i := 2; i >= 0; i-- {
		slash := strings.LastIndexByte(rest, '/')
		if slash < 0 {
			return "", at, false
		}
		rest, parts[i] = rest[:slash], rest[slash+1:]
	}
	at, err := geo.ParseTile(parts[0], parts[1], parts[2])
	return rest, at, err == nil
}
