package server_test

import (
	"encoding/json"
	"net/http"
	"strings"
	"testing"
)

func TestATileIsExplained(t *testing.T) {
	t.Parallel()
	r := start(t, stationRow, memberRows)
	at := strings.TrimSuffix(stationTile, ".mvt") + "/explain"
	var said struct {
		Tile, ETag, Cache, Version string
		Bytes                      int
		GzipBytes                  int `json:"gzip_bytes"`
		Layers                     []struct {
			Layer                         string
			Drawn, Merged, Dropped, Bytes int
		}
	}
	explain := func(cache string) {
		t.Helper()
		got := r.get(t, "GET", at)
		if err := json.Unmarshal([]byte(got.body), &said); err != nil || got.status != http.StatusOK {
			t.Fatalf("%d %s: %v", got.status, got.body, err)
		}
		if said.Cache != cache || said.Tile != "14/13313/6599" || len(said.Layers) != 1 || said.Layers[0].Drawn != 1 ||
			said.Version == "" {
			t.Errorf("got %s, want the cache to be a %s", got.body, cache)
		}
	}
	explain("miss")
	tile := r.get(t, "GET", stationTile)
	explain("hit")
	if said.ETag != tile.header.Get("ETag") || said.Bytes != len(tile.body) || said.GzipBytes == 0 ||
		said.Layers[0].Bytes > said.Bytes {
		t.Errorf("the tile has %s and %d bytes, and is explained as %+v", tile.header.Get("ETag"), len(tile.body), said)
	}
	for path, want := range map[string]int{"/tiles/member/14/13313/6599/explain": http.StatusNotFound,
		"/tiles/station/14/99999/0/explain": http.StatusBadRequest,
		at + "?x=1":                         http.StatusBadRequest} {
		if got := r.get(t, "GET", path); got.status != want || strings.Contains(got.body, "CANARY") {
			t.Errorf("%s: %d %s", path, got.status, got.body)
		}
	}
}
