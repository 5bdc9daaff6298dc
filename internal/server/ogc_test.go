package server_test

import (
	"encoding/json"
	"fmt"
	"math"
	"net/url"
	"os/exec"
	"strings"
	"testing"
)

// crawl follows every link of a document that is an address of this server, and
// returns the documents by address.
func crawl(t *testing.T, r *running, path string, found map[string]any) {
	t.Helper()
	if _, seen := found[path]; seen {
		return
	}
	got := r.get(t, "GET", path)
	var body map[string]any
	if err := json.Unmarshal([]byte(got.body), &body); got.status != 200 || err != nil {
		t.Fatalf("%s: %d %v %.200s", path, got.status, err, got.body)
	}
	found[path] = body
	var walk func(v any)
	walk = func(v any) {
		switch v := v.(type) {
		case []any:
			for _, one := range v {
				walk(one)
			}
		case map[string]any:
			for _, one := range v {
				walk(one)
			}
			href, _ := v["href"].(string)
			if here, ours := strings.CutPrefix(href, r.URL); ours && v["templated"] != true {
				crawl(t, r, here, found)
			} else if href != "" && !ours {
				t.Errorf("%s links to %s", path, href)
			}
		}
	}
	walk(body)
}

func TestEveryLinkOfTheStandardLeadsSomewhere(t *testing.T) {
	t.Parallel()
	r := start(t, twoStations)
	found := map[string]any{}
	crawl(t, r, "/ogc", found)
	for _, path := range []string{
		"/ogc/conformance", "/ogc/api", "/ogc/tileMatrixSets/WebMercatorQuad", "/ogc/collections/station",
		"/ogc/collections/station/tiles/WebMercatorQuad", "/ogc/tiles/WebMercatorQuad",
	} {
		if found[path] == nil {
			t.Errorf("nothing leads to %s", path)
		}
	}
	for path, body := range found {
		if text := fmt.Sprint(body); strings.Contains(text, "member") {
			t.Errorf("%s tells of persons", path)
		}
	}
}

func TestTheMatrixSetIsThatOfTheStandard(t *testing.T) {
	t.Parallel()
	r := start(t)
	var set struct {
		TileMatrices []struct {
			ID               string
			ScaleDenominator float64
			CellSize         float64
			MatrixWidth      int
		}
	}
	if err := json.Unmarshal([]byte(r.get(t, "GET", "/ogc/tileMatrixSets/WebMercatorQuad").body), &set); err != nil {
		t.Fatal(err)
	}
	// OGC 17-083r4, table D.1
	for z, want := range map[int]struct{ scale, cell float64 }{0: {559082264.028717, 156543.033928041},
		10: {545978.773465544, 152.874056570353}, 22: {133.295598991, 0.037322767717}} {
		got := set.TileMatrices[z]
		if math.Abs(got.ScaleDenominator/want.scale-1) > 1e-9 || math.Abs(got.CellSize/want.cell-1) > 1e-9 ||
			got.MatrixWidth != 1<<z {
			t.Errorf("zoom %d is %+v", z, got)
		}
	}
}

func TestTilesOfTheStandardAreTheSameTiles(t *testing.T) {
	t.Parallel()
	r := start(t, twoStations)
	ours := tileOfStations(15, "", "")
	parts := strings.Split(strings.TrimSuffix(ours, ".mvt?"), "/") // "", tiles, station, z, x, y
	z, x, y := parts[3], parts[4], parts[5]
	want := r.get(t, "GET", strings.TrimSuffix(ours, "?"))
	address := "WebMercatorQuad/" + z + "/" + y + "/" + x
	for _, path := range []string{
		"/ogc/collections/station/tiles/" + address,
		"/ogc/collections/station/tiles/" + address + "?f=mvt",
		"/ogc/tiles/" + address + "?collections=station",
	} {
		got := r.get(t, "GET", path)
		if got.status != 200 || got.body != want.body || got.header.Get("ETag") != want.header.Get("ETag") ||
			got.header.Get("Content-Type") != want.header.Get("Content-Type") {
			t.Errorf("%s: %d %v", path, got.status, got.header)
		}
	}
	if got := r.get(t, "GET", "/ogc/tiles/"+address); got.status != 200 {
		t.Errorf("all layers: %d %s", got.status, got.body)
	}
	open := r.get(t, "GET", "/ogc/collections/station/tiles/"+address+"?filter="+url.QueryEscape("status = 'open'"))
	if features := shown(t, open.body); len(features) != 1 {
		t.Errorf("filtered: %v", features)
	}
	for path, status := range map[string]int{
		"/ogc/collections/nothing":                            404,
		"/ogc/collections/member":                             404,
		"/ogc/collections/station,road":                       404,
		"/ogc/collections/station/tiles/WorldCRS84Quad":       404,
		"/ogc/tiles/WebMercatorQuad/3/8/0":                    404,
		"/ogc/tiles/WebMercatorQuad/3/0/0?collections=member": 404,
		"/ogc/tiles/WebMercatorQuad/3/0/0?f=png":              400,
		"/ogc?f=html":                                         400,
		"/ogc/collections?limt=3":                             400,
	} {
		if got := r.get(t, "GET", path); got.status != status {
			t.Errorf("%s: %d, want %d: %s", path, got.status, status, got.body)
		}
	}
}

// GDAL, where it is installed, opens the collections by the standard.
func TestGDALOpensTheTiles(t *testing.T) {
	t.Parallel()
	ogrinfo, err := exec.LookPath("ogrinfo")
	if err != nil {
		t.Skip("gdal-bin is not installed")
	}
	r := start(t, twoStations)
	path := strings.TrimSuffix(tileOfStations(15, "", ""), "?")
	out, err := exec.CommandContext(t.Context(), ogrinfo, "-al", "-so", "MVT:"+r.URL+path).CombinedOutput()
	if err != nil || !strings.Contains(string(out), "Feature Count: 2") {
		t.Errorf("ogrinfo: %v\n%s", err, out)
	}
}

func FuzzTileAddress(f *testing.F) {
	r := start(f, twoStations)
	for _, s := range []string{"station/15/26621/13165.mvt", "station,station/0/0/0.mvt", "x/../1/2/3.mvt",
		"station/99/0/0.mvt", "station/1/-1/0.mvt", "%00/1/1/1.mvt", "station/15/26621/13165.mvt?at=9:9:",
		"station/3/1/1.mvt?filter=a%20LIKE%20'%25'&columns=,"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		for _, root := range []string{"/tiles/", "/ogc/tiles/WebMercatorQuad/", "/ogc/collections/"} {
			address, err := url.Parse(root + s)
			if err != nil || !strings.HasPrefix(address.EscapedPath(), root) ||
				strings.Contains(address.RawQuery, "at=") {
				continue // no address, or one that waits
			}
			if status := r.ask(address); status >= 500 {
				t.Errorf("%s: %d", address, status)
			}
		}
	})
}

func TestTilesByTheStandardsAddressCountAsHitsAndMisses(t *testing.T) {
	t.Parallel()
	r := start(t, stationRow)
	const tile = "/ogc/collections/station/tiles/WebMercatorQuad/14/6599/13313"
	for range 3 {
		if got := r.get(t, "GET", tile); got.status != 200 {
			t.Fatalf("%d %s", got.status, got.body)
		}
	}
	metrics := r.get(t, "GET", "/metrics").body
	for _, want := range []string{
		`yizhan_tile_cache_lookups_total{outcome="hit",zoom="14"} 2`,
		`yizhan_tile_cache_lookups_total{outcome="miss",zoom="14"} 1`,
	} {
		if !strings.Contains(metrics, want) {
			t.Errorf("the metrics lack %s", want)
		}
	}
}
