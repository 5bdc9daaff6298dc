package server_test

import (
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"strings"
	"testing"

	"yizhan/internal/server"
)

func TestATextThatIsNoneIsRefusedEverywhere(t *testing.T) {
	t.Parallel()
	r := start(t, twoStations)
	tile := strings.TrimSuffix(tileOfStations(15, "", ""), "?")
	for _, path := range []string{
		tile + "?filter=" + url.QueryEscape("code = '\x00'"), tile + "?filter=" + url.QueryEscape("code LIKE 'S\xff%'"),
		tile + "?columns=code,%00", tile + "?at=%00", tile + "?as_of=%00", tile + "?datum=%00", tile + "?%00=1",
		"/tiles/station.json?filter=%00", "/ask/members_within?station=%00", "/ask/members_within?station=%ff",
		"/ask/%00", "/ask/x?format=%00",
		"/layers/%00", "/layers/station?%00", "/styles/%00.json", "/ogc?f=%00",
		"/ogc/tiles/WebMercatorQuad/3/1/1?collections=%00", "/ogc/collections/%ff",
		"/changes?since=%00", "/changes?wait=%00", "/%00", "/assets/%ff",
	} {
		if got := r.get(t, "GET", path); got.status != 400 || !strings.Contains(got.body, `"kind":"invalid"`) {
			t.Errorf("%s: %d %s", path, got.status, got.body)
		}
	}
	i := receive(t, server.Options{})
	for _, path := range []string{"/batches?layer=%00", "/batches?layer=%ff", "/batches?limit=%00", "/imports?x=%00",
		"/imports/1?lang=%00"} {
		if got := i.get(t, "GET", path); got.status != 400 {
			t.Errorf("%s: %d %s", path, got.status, got.body)
		}
	}
	for _, name := range []string{"layer", "crs", "map", "profile", "encoding", "mode"} {
		form := []part{{name, "", "a\x00b"}, {"file", "a.geojson", stations("S1 112.5 33 open")}}
		if got := i.post(t, form); got.status != 400 || !strings.Contains(got.body, "NUL") {
			t.Errorf("field %s: %d %s", name, got.status, got.body)
		}
	}
}

func TestWhatIsEchoedIsShort(t *testing.T) {
	t.Parallel()
	r := start(t, twoStations)
	const most = 2500 // bytes, headers and all
	deep, long := strings.Repeat("/a", 15_000), strings.Repeat("a", 30_000)
	for _, path := range []string{
		deep, "/index.html" + deep, "/index.html?" + long, "/?" + long + "=1&x=1", deep + "/index.html",
		"/assets/?" + long, "/tiles" + deep, "/tiles/" + long + ".json",
		"/ogc" + deep, "/ogc/collections/" + long, "/ask/" + long, "/ask/members_within?station=" + long,
		"/layers/" + long,
		"/tiles/station.json?filter=" + long, "/tiles/station.json?columns=" + long, "/changes?since=" + long,
		"/" + strings.Repeat("%01", 10_000),
		"/%2e%2e/index.html", "/index.html/", "/./index.html",
	} {
		for _, method := range []string{"GET", "POST"} {
			got := r.get(t, method, path)
			size := len(got.body)
			for name, values := range got.header {
				size += len(name) + len(strings.Join(values, ""))
			}
			if size > most || strings.Contains(got.body, "invalid URL path") {
				t.Errorf("%s %.40s: %d with %d bytes: %.100s", method, path, got.status, size, got.body)
			}
		}
	}
	for _, path := range []string{"/styles/city.json", "/ogc", "/tiles/station.json"} {
		request := httptest.NewRequest("GET", path, nil)
		request.Host = strings.Repeat("h", 20_000)
		got := httptest.NewRecorder()
		r.Config.Handler.ServeHTTP(got, request)
		if got.Code != 400 || got.Body.Len() > most {
			t.Errorf("%s under a long name: %d with %d bytes", path, got.Code, got.Body.Len())
		}
	}
}

func TestEveryAnswerIsTakenForWhatItSaysItIs(t *testing.T) {
	t.Parallel()
	r := start(t, twoStations)
	tile := strings.TrimSuffix(tileOfStations(15, "", ""), "?")
	for _, path := range []string{"/", "/nothing", "/layers", "/layers/x", tile, tile, tile + "?filter=",
		"/tiles/station/14/0/0.mvt", "/tiles/station.json", "/styles/city.json",
		"/ask", "/ask/wall_progress?format=csv", "/ogc", "/healthz", "/readyz", "/metrics", "/imports", "/batches",
		"/changes?since=0"} {
		for _, method := range []string{"GET", "HEAD", "POST", "OPTIONS"} {
			if got := r.get(t, method, path); got.header.Get("X-Content-Type-Options") != "nosniff" {
				t.Errorf("%s %s: %d %v", method, path, got.status, got.header)
			}
		}
	}
}

func TestThePageIsThereAndNothingAboveIt(t *testing.T) {
	t.Parallel()
	r := start(t)
	for path, status := range map[string]int{"/": 200, "/index.html": 200, "/index.html/": 404, "/assets": 404,
		"/..": 404, "/%2e%2e/index.html": 404, "//index.html": 404} {
		request := httptest.NewRequest("GET", path, nil)
		got := httptest.NewRecorder()
		r.Config.Handler.ServeHTTP(got, request)
		if got.Code != status || got.Code == http.StatusOK &&
			!strings.HasPrefix(got.Header().Get("Content-Type"), "text/html") {
			t.Errorf("%s: %d %v, want %d", path, got.Code, got.Header(), status)
		}
	}
}

func TestNoMessageSaysWhereTemporaryFilesLie(t *testing.T) {
	t.Parallel()
	r := receive(t, server.Options{})
	form := func(name, text string) []part { return []part{{"layer", "", "station"}, {"file", name, text}} }
	damaged := []part{{"layer", "", "station"}, {"file", "a.shp", "x"}, {"file", "a.dbf", "x"}}
	bodies := []string{
		r.post(t, form("a.geojson", `{"type":"FeatureCollection","features":[{`)).body,
		r.post(t, form("a.zip", "PK\x03\x04and no more")).body, r.post(t, form("a.gpkg", "SQLite format 3\x00")).body,
		r.post(t, form("a.xlsx", "PK\x03\x04and no more")).body, r.post(t, form("a.kml", "<kml")).body,
		r.post(t, damaged).body,
		r.post(t, form("a.csv.gz", "\x1f\x8bno")).body,
	}
	for _, id := range []string{"1", "2", "3", "4", "5"} {
		bodies = append(bodies, r.get(t, "GET", "/imports/"+id).body, r.get(t, "GET", "/imports/"+id+"/events").body)
	}
	// of another server, which knows only what the ledger has
	r.exec(t, `insert into journal.import (layer, source, actor, state, failure) values ('station', 'a.shp', 'x', 'failed',
		'either/or `+r.dir+`/yizhan-uploads-123/456/upload/a.shp: cannot be read; open /tmp/yizhan-unpacked-9/b/c.dbf: no such file')`)
	bodies = append(bodies, r.get(t, "GET", "/imports").body)
	for _, body := range bodies {
		if strings.Contains(body, r.dir) || strings.Contains(body, os.TempDir()+"/") ||
			strings.Contains(body, "yizhan-") {
			t.Errorf("it is shown by %s", body)
		}
	}
	if last := bodies[len(bodies)-1]; !strings.Contains(last,
		"either/or upload/a.shp: cannot be read; open b/c.dbf: no such file") {
		t.Errorf("more is left out than the folder: %s", last)
	}
}
