package server_test

import (
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
)

// wire is an answer's way out that takes no memory for itself.
type wire struct {
	header http.Header
	status int
	bytes  int
}

func (w *wire) Header() http.Header  { return w.header }
func (w *wire) WriteHeader(code int) { w.status = code }
func (w *wire) Write(b []byte) (int, error) {
	w.bytes += len(b)
	return len(b), nil
}

func TestAFinishedTileIsAnsweredWithoutAllocating(t *testing.T) {
	app := start(t, twoStations).Config.Handler
	path := strings.TrimSuffix(tileOfStations(15, "", ""), "?")
	for _, c := range []struct {
		name, path, header, value string
		status                    int
	}{
		{"in gzip", path, "Accept-Encoding", "gzip", 200},
		{"as browsers ask", path, "Accept-Encoding", "gzip, deflate, br, zstd", 200},
		{"unchanged", path, "If-None-Match", "*", 304},
		{"without features", "/tiles/station/14/0/0.mvt", "Accept-Encoding", "gzip", 204},
	} {
		request := httptest.NewRequest("GET", c.path, nil)
		request.Header.Set(c.header, c.value)
		w := &wire{header: http.Header{}}
		app.ServeHTTP(w, request) // makes it
		w.status = 200
		n := testing.AllocsPerRun(2000, func() { app.ServeHTTP(w, request) })
		if n > 0 || w.status != c.status {
			t.Errorf("%s: %v allocations, status %d", c.name, n, w.status)
		}
	}
}
