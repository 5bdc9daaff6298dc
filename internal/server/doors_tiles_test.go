package server_test

import (
	"fmt"
	"regexp"
	"strings"
	"testing"
)

// lookups is how many tiles of a zoom were answered from the cache, and how many not.
func (r *running) lookups(t *testing.T, zoom int) (hits, misses string) {
	t.Helper()
	body := r.get(t, "GET", "/metrics").body
	read := func(outcome string) string {
		line := fmt.Sprintf(`yizhan_tile_cache_lookups_total\{outcome="%s",zoom="%d"\} (\d+)`, outcome, zoom)
		if found := regexp.MustCompile(line).FindStringSubmatch(body); found != nil {
			return found[1]
		}
		return "none"
	}
	return read("hit"), read("miss")
}

// Whichever address a tile is asked for under, it is one tile, counted once each time.
func TestEveryWayToATileIsCountedOnce(t *testing.T) {
	t.Parallel()
	const plain, standard = "/tiles/station/14/13313/6599.mvt", "/ogc/collections/station/tiles/WebMercatorQuad/14/6599/13313"
	for _, ways := range [][]string{
		{plain, plain, plain + "?datum=wgs84"},
		{standard, standard, plain},
		{plain + "?columns=code", plain + "?columns=code", standard + "?columns=code"},
		{"/ogc/tiles/WebMercatorQuad/14/6599/13313?collections=station", standard, plain},
	} {
		t.Run(strings.Join(ways, " "), func(t *testing.T) {
			t.Parallel()
			r := start(t, stationRow)
			var tag string
			for _, path := range ways {
				got := r.get(t, "GET", path)
				if tag = got.header.Get("ETag"); got.status != 200 || tag == "" {
					t.Fatalf("%s: %d %s", path, got.status, got.body)
				}
			}
			if got := r.get(t, "GET", ways[0], "If-None-Match: "+tag); got.status != 304 {
				t.Errorf("unchanged: %d", got.status)
			}
			if hits, misses := r.lookups(t, 14); hits != "3" || misses != "1" {
				t.Errorf("counted %s hits and %s misses, want 3 and 1", hits, misses)
			}
		})
	}
	r := start(t, stationRow)
	for _, path := range []string{"/tiles/stationn/14/13313/6599.mvt", standard + "?columns=x"} {
		if got := r.get(t, "GET", path); got.status < 400 {
			t.Errorf("%s: %d", path, got.status)
		}
	}
	if hits, misses := r.lookups(t, 14); hits != "0" || misses != "0" {
		t.Errorf("what was refused counts as %s hits and %s misses", hits, misses)
	}
}
