package server_test

import (
	"bufio"
	"bytes"
	"compress/gzip"
	"context"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"sync"
	"testing"
	"testing/fstest"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/paulmach/orb/encoding/mvt"

	"yizhan/internal/ledger"
	"yizhan/internal/pg"
	"yizhan/internal/pgtest"
	"yizhan/internal/server"
)

// running is the whole service on a database of the test's own.
type running struct {
	*httptest.Server
	conn  *pgx.Conn
	log   *record
	token string // that requests carry
}

// record is a log that many write and a test reads.
type record struct {
	mu   sync.Mutex
	text bytes.Buffer
}

func (r *record) Write(p []byte) (int, error) {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.text.Write(p)
}

func (r *record) String() string {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.text.String()
}

// start runs the service after the statements.
func start(t testing.TB, setup ...string) *running {
	t.Helper()
	return serve(t, pgtest.Ledger(t), setup...)
}

// serve starts a server of a ledger that is there.
func serve(t testing.TB, dsn string, setup ...string) *running {
	t.Helper()
	ctx, cancel := context.WithCancel(context.Background())
	conn, err := pgx.Connect(ctx, dsn)
	if err != nil {
		t.Fatal(err)
	}
	r := &running{conn: conn, log: &record{}}
	r.exec(t, setup...)
	opened, err := ledger.Open(ctx, pg.Logins{Owner: dsn})
	if err != nil {
		t.Fatal(err)
	}
	log := slog.New(slog.NewTextHandler(r.log, &slog.HandlerOptions{Level: slog.LevelDebug}))
	viewer := fstest.MapFS{"index.html": {Data: []byte("<!doctype html><title>驿站</title>")}}
	app := server.New(server.Options{Ledger: opened, Log: log, Viewer: viewer})
	done := make(chan struct{})
	go func() { defer close(done); _ = app.Follow(ctx) }()
	r.Server = httptest.NewServer(app)
	t.Cleanup(func() {
		r.Server.CloseClientConnections()
		r.Server.Close()
		cancel()
		<-done
		opened.Close()
		_ = conn.Close(context.Background())
	})
	select {
	case <-app.Loaded():
	case <-time.After(20 * time.Second):
		t.Fatal("the replica did not load")
	}
	return r
}

func (r *running) exec(t testing.TB, statements ...string) {
	t.Helper()
	for _, statement := range statements {
		if _, err := r.conn.Exec(context.Background(), statement); err != nil {
			t.Fatalf("%s: %v", statement, err)
		}
	}
}

// answer is a response with its body read.
type answer struct {
	status int
	header http.Header
	body   string
}

// ask has the handler answer for an address, and returns the status.
func (r *running) ask(address *url.URL) int {
	w := httptest.NewRecorder()
	request := httptest.NewRequest("GET", "/", nil)
	request.URL = address
	r.Config.Handler.ServeHTTP(w, request)
	return w.Code
}

// carry gives a request the token.
func (r *running) carry(request *http.Request) {
	if r.token != "" {
		request.Header.Set("Authorization", "Bearer "+r.token)
	}
}

// get asks with headers given as «Name: value»; the body is as it came, not unzipped.
func (r *running) get(t *testing.T, method, path string, headers ...string) answer {
	t.Helper()
	request, err := http.NewRequest(method, r.URL+path, nil)
	if err != nil {
		t.Fatal(err)
	}
	request.Header.Set("Accept-Encoding", "identity")
	r.carry(request)
	for _, h := range headers {
		name, value, _ := strings.Cut(h, ": ")
		request.Header.Set(name, value)
	}
	response, err := r.Client().Do(request)
	if err != nil {
		t.Fatal(err)
	}
	defer response.Body.Close()
	body, err := io.ReadAll(response.Body)
	if err != nil {
		t.Fatal(err)
	}
	return answer{response.StatusCode, response.Header, string(body)}
}

const (
	stationRow = "insert into city.station (code, name, status, geom) values ('ST-001', '人民路驿站', 'open', " +
		"'SRID=4326;POINT(112.53 33)')"
	stationConfirmed = "select catalog.confirm_all('station', 'colleague')"
	memberRows       = `insert into personal.member (code, trade, organisation, geom)
		select 'CANARY-' || i, 'sanitation', 'CANARYORG', 'SRID=4326;POINT(112.531 33)' from generate_series(1, 9) i`
	stationTile = "/tiles/station/14/13313/6599.mvt"
)

func TestAddresses(t *testing.T) {
	t.Parallel()
	r := start(t, stationRow, memberRows, stationConfirmed)
	cases := []struct {
		name, method, path string
		header             string
		status             int
		says               string // in the body
		headers            string // «Name: value» that the answer has
	}{
		{"the map page", "GET", "/", "", 200, "驿站", "Content-Type: text/html; charset=utf-8"},
		{"a page that is not there", "GET", "/nothing", "", 404, `"kind":"not_found"`, "Cache-Control: no-store"},
		{"a folder above", "GET", "/..%2f..%2fetc/passwd", "", 404, "", ""},
		{"the layers", "GET", "/layers", "", 200, `"name":"station"`, "Access-Control-Allow-Origin: *"},
		{"one layer", "GET", "/layers/station", "", 200, `"count":1`, ""},
		{"a personal layer is as unknown as none", "GET", "/layers/member", "", 404, `layer \"member\" not found`, ""},
		{"a tile", "GET", stationTile, "", 200, "station", "Content-Type: application/vnd.mapbox-vector-tile"},
		{"a tile says that it varies", "GET", stationTile, "", 200, "", "Vary: Accept-Encoding"},
		{"HEAD of a tile", "HEAD", stationTile, "", 200, "", "Content-Type: application/vnd.mapbox-vector-tile"},
		{"an empty tile", "GET", "/tiles/station/14/0/0.mvt", "", 204, "", ""},
		{"two layers in a tile", "GET", "/tiles/station,road/14/13313/6599.mvt", "", 200, "station", ""},
		{"gzip when asked for", "GET", stationTile, "Accept-Encoding: gzip", 200, "", "Content-Encoding: gzip"},
		{"zoom 99", "GET", "/tiles/station/99/0/0.mvt", "", 400, "zoom 99", ""},
		{"a negative column", "GET", "/tiles/station/3/-1/0.mvt", "", 400, "x is not a whole number", ""},
		{"a column past the last", "GET", "/tiles/station/1/2/0.mvt", "", 400, "must be 0 to 1", ""},
		{"a word for a row", "GET", "/tiles/station/1/0/one.mvt", "", 400, "y is not a whole number", ""},
		{"another spelling of a number", "GET", "/tiles/station/1/00/0.mvt", "", 400, "", ""},
		{"an unknown layer", "GET", "/tiles/stations/1/0/0.mvt", "", 404, `did you mean \"station\"`, ""},
		{"a personal layer has no tiles", "GET", "/tiles/member/14/13313/6599.mvt", "", 404, "", ""},
		{"nor beside another", "GET", "/tiles/station,member/14/13313/6599.mvt", "", 404, "", ""},
		{"a thousand layers", "GET", "/tiles/" + strings.Repeat("station,", 1000) + "station/1/0/0.mvt", "", 400,
			"at most 32", ""},
		{"an unknown parameter", "GET", stationTile + "?filtre=x", "", 400, "filtre", ""},
		{"a broken escape", "GET", stationTile + "?columns=%zz", "", 400, `invalid URL escape`, ""},
		{"a bare semicolon", "GET", stationTile + "?columns=name;filter=x", "", 400, `%3B`, ""},
		{"TileJSON", "GET", "/tiles/station,road.json", "", 200, `"tilejson":"3.0.0"`, ""},
		{"TileJSON of a personal layer", "GET", "/tiles/member.json", "", 404, "", ""},
		{"the style of the city", "GET", "/styles/city.json", "", 200, `"version":8`, ""},
		{"a preflight", "OPTIONS", "/layers", "", 204, "", "Access-Control-Allow-Methods: GET, HEAD, OPTIONS"},
		{"a write", "POST", "/layers", "", 405, "method_not_allowed", "Allow: GET, HEAD"},
		{"the questions", "GET", "/ask", "", 200, `"name":"members_within"`, ""},
		{"an answer", "GET", "/ask/members_within?station=ST-001", "", 200, `"shown":"5–9"`, "Cache-Control: no-store"},
		{"an answer as CSV", "GET", "/ask/nearest_stations?lon=112.5&lat=33&format=csv", "", 200, "ST-001,人民路驿站",
			"Content-Type: text/csv; charset=utf-8"},
		{"an answer as CSV by Accept", "GET", "/ask/wall_progress", "Accept: text/csv", 200, "area_code,",
			"Content-Type: text/csv; charset=utf-8"},
		{"an unknown station", "GET", "/ask/members_within?station=ST-9", "", 404, `station \"ST-9\" not found`, ""},
		{"a bad radius", "GET", "/ask/members_within?station=ST-001&radius_m=999", "", 400, "500, 1000 or 1500", ""},
		{"a missing parameter", "GET", "/ask/members_within", "", 400, `\"station\" is missing`, ""},
		{"a parameter twice", "GET", "/ask/members_within?station=ST-001&station=ST-002", "", 400, "2 times", ""},
		{"an unknown form", "GET", "/ask/wall_progress?format=xml", "", 400, "json or csv", ""},
		{"alive", "GET", "/healthz", "", 200, "ok", ""},
		{"ready", "GET", "/readyz", "", 200, "ready", ""},
		{"metrics", "GET", "/metrics", "", 200, "yizhan_replica_current 1", ""},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			var headers []string
			if c.header != "" {
				headers = []string{c.header}
			}
			got := r.get(t, c.method, c.path, headers...)
			if got.status != c.status || !strings.Contains(got.body, c.says) {
				t.Errorf("%d %.300s\nwant %d with %q", got.status, got.body, c.status, c.says)
			}
			if name, value, _ := strings.Cut(c.headers, ": "); got.header.Get(name) != value {
				t.Errorf("%s is %q, want %q", name, got.header.Get(name), value)
			}
			finished := c.path == stationTile && c.status == 200 // may come from the cache
			if got.header.Get("X-Request-Id") == "" && !finished {
				t.Error("no request id")
			}
		})
	}
}

func TestATileIsTheSameZippedPlainAndUnchanged(t *testing.T) {
	t.Parallel()
	r := start(t, stationRow)
	plain := r.get(t, "GET", stationTile)
	zipped := r.get(t, "GET", stationTile, "Accept-Encoding: gzip")
	reader, err := gzip.NewReader(strings.NewReader(zipped.body))
	if err != nil {
		t.Fatal(err)
	}
	unzipped, err := io.ReadAll(reader)
	if err != nil {
		t.Fatal(err)
	}
	if string(unzipped) != plain.body {
		t.Error("zipped and plain differ")
	}
	if plain.header.Get("ETag") == zipped.header.Get("ETag") {
		t.Error("two encodings share a strong ETag")
	}
	again := r.get(t, "GET", stationTile, "If-None-Match: "+plain.header.Get("ETag"))
	if again.status != http.StatusNotModified || again.body != "" {
		t.Errorf("asked again with its ETag: %d", again.status)
	}
	layers, err := mvt.Unmarshal([]byte(plain.body))
	if err != nil {
		t.Fatal(err)
	}
	feature := layers[0].Features[0]
	if layers[0].Name != "station" || feature.Properties["name"] != "人民路驿站" || feature.ID.(float64) != 1 {
		t.Errorf("the tile holds %+v", feature)
	}
}

func TestAcceptEncodingIsReadByTheStandard(t *testing.T) {
	t.Parallel()
	r := start(t, stationRow)
	for _, c := range []struct{ accept, encoding string }{
		{"gzip", "gzip"}, {"GZIP;q=0.5, br", "gzip"}, {"*", "gzip"}, {"br;q=1, *;q=0.1", "gzip"}, {"x-gzip", "gzip"},
		{"gzip, deflate, br, zstd", "zstd"}, {"zstd;q=0.5, gzip;q=0.8", "gzip"}, {"zstd;q=0, gzip", "gzip"},
		{"gzip;q=2, zstd", "zstd"},
		{"br", ""}, {"identity", ""}, {"gzip;q=0", ""}, {"gzip;q=0, *", ""}, {"gzip;q=0.000", ""}, {"", ""},
		{"identity, gzip;q=0.5", ""}, {"*;q=0, identity", ""},
		{"*;q=0", "refused"}, {"identity;q=0", "refused"}, {"br, identity;q=0", "refused"},
	} {
		for range 2 { // drawn, then found
			got := r.get(t, "GET", stationTile, "Accept-Encoding: "+c.accept)
			encoding := got.header.Get("Content-Encoding")
			if got.status == http.StatusNotAcceptable {
				encoding = "refused"
			} else if got.header.Get("Vary") != "Accept-Encoding" {
				t.Errorf("Accept-Encoding %q: Vary is %q", c.accept, got.header.Get("Vary"))
			}
			if encoding != c.encoding {
				t.Errorf("Accept-Encoding %q: status %d, encoding %q, want %q", c.accept, got.status, encoding,
					c.encoding)
			}
		}
	}
}

func TestAnEditReachesTheTileAndTheLiveFeed(t *testing.T) {
	t.Parallel()
	r := start(t, stationRow,
		`insert into city.station (code, status, geom) values ('ST-002', 'open', 'SRID=4326;POINT(112.0 33.5)')`)
	ctx, cancel := context.WithTimeout(context.Background(), 20*time.Second)
	defer cancel()
	request, err := http.NewRequestWithContext(ctx, "GET", r.URL+"/events", nil)
	if err != nil {
		t.Fatal(err)
	}
	response, err := r.Client().Do(request)
	if err != nil {
		t.Fatal(err)
	}
	defer response.Body.Close()
	lines := bufio.NewScanner(response.Body)
	next := func(prefix string) string {
		for lines.Scan() {
			if strings.HasPrefix(lines.Text(), prefix) {
				return lines.Text()
			}
		}
		t.Fatalf("the feed ended before %q: %v", prefix, lines.Err())
		return ""
	}
	next("event: hello")
	farTile := "/tiles/station/14/13289/6572.mvt"
	before, far := r.get(t, "GET", stationTile), r.get(t, "GET", farTile)
	r.exec(t, "update city.station set name = '张衡路驿站' where code = 'ST-001'")
	next("event: change")
	if data := next("data: "); !strings.Contains(data, `"layer":"station"`) || !strings.Contains(data, "112.5") ||
		strings.Contains(data, "张衡路") {
		t.Errorf("announced as %s", data)
	}
	after, farAfter := r.get(t, "GET", stationTile), r.get(t, "GET", farTile)
	if after.header.Get("ETag") == before.header.Get("ETag") || !strings.Contains(after.body, "张衡路驿站") {
		t.Error("the tile is the old one after the change was announced")
	}
	if far.header.Get("ETag") != farAfter.header.Get("ETag") {
		t.Error("a tile that the change did not touch has another ETag")
	}
}

func TestNoPersonLeavesTheLedger(t *testing.T) {
	t.Parallel()
	r := start(t, stationRow, memberRows)
	r.exec(t, "update personal.member set organisation = 'CANARYORG2'",
		"delete from personal.member where code = 'CANARY-9'")
	time.Sleep(300 * time.Millisecond)
	for _, path := range []string{"/layers", "/layers/member", "/tiles/member.json", "/tiles/member/0/0/0.mvt",
		stationTile, "/styles/city.json", "/ask",
		"/ask/members_within?station=ST-001", "/ask/members_within?station=CANARYSTATION",
		"/ask/members_within?station=ST-001&format=csv", "/metrics", "/readyz"} {
		got := r.get(t, "GET", path)
		if body := strings.ReplaceAll(got.body, "CANARYSTATION", ""); strings.Contains(body, "CANARY") {
			t.Errorf("%s shows a member: %s", path, body)
		}
	}
	if strings.Contains(r.log.String(), "CANARY") {
		t.Errorf("the log shows a value: %s", r.log.String())
	}
}

func TestTilesGoOnWhileTheLedgerIsAway(t *testing.T) {
	t.Parallel()
	database := pgtest.Server(t)
	dsn := database.Ledger(t)
	ctx, cancel := context.WithCancel(context.Background())
	defer cancel()
	opened, err := ledger.Open(ctx, pg.Logins{Owner: dsn})
	if err != nil {
		t.Fatal(err)
	}
	defer opened.Close()
	app := server.New(server.Options{Ledger: opened, Log: slog.New(slog.DiscardHandler)})
	go func() { _ = app.Follow(ctx) }()
	<-app.Loaded()
	r := &running{Server: httptest.NewServer(app)}
	defer r.Server.Close()
	database.Kill(t)
	wait := func(path string, status int) answer {
		var got answer
		for end := time.Now().Add(30 * time.Second); time.Now().Before(end); time.Sleep(100 * time.Millisecond) {
			if got = r.get(t, "GET", path); got.status == status {
				return got
			}
		}
		t.Fatalf("%s: %d %s, want %d", path, got.status, got.body, status)
		return got
	}
	wait("/readyz", 503)
	if got := wait("/layers", 200); got.header.Get("X-Stale-Seconds") == "" {
		t.Error("the answer does not say that it may be stale")
	}
	if got := wait("/ask/wall_progress", 503); got.header.Get("Retry-After") == "" ||
		strings.Contains(got.body, "socket") {
		t.Errorf("a question while the ledger is away: %v %s", got.header, got.body)
	}
	database.Restart(t)
	wait("/readyz", 200)
	wait("/ask/wall_progress", 200)
}
