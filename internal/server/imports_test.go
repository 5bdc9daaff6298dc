package server_test

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"log/slog"
	"mime/multipart"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"

	"yizhan/internal/ledger"
	"yizhan/internal/merge"
	"yizhan/internal/pg"
	"yizhan/internal/pgtest"
	"yizhan/internal/server"
)

// receiver is a service that takes imports.
type receiver struct {
	running
	app    *server.Server
	ledger *ledger.Ledger
	dsn    string
	dir    string // of uploads
}

// receive runs a service with options of the test's.
func receive(t *testing.T, o server.Options, setup ...string) *receiver {
	t.Helper()
	dsn := pgtest.Ledger(t)
	ctx := context.Background()
	conn, err := pgx.Connect(ctx, dsn)
	if err != nil {
		t.Fatal(err)
	}
	opened, err := ledger.Open(ctx, pg.Logins{Owner: dsn})
	if err != nil {
		t.Fatal(err)
	}
	r := &receiver{running: running{conn: conn, log: &record{}, token: "correct horse"}, ledger: opened, dsn: dsn,
		dir: t.TempDir()}
	r.exec(t, setup...)
	if o.ImportToken == "" && o.Local == nil {
		o.ImportToken = r.token
	}
	o.Ledger, o.UploadDir = opened, r.dir
	o.Log = slog.New(slog.NewTextHandler(r.log, &slog.HandlerOptions{Level: slog.LevelDebug}))
	r.app = server.New(o)
	r.Server = httptest.NewServer(r.app)
	t.Cleanup(func() {
		r.Server.CloseClientConnections()
		if err := r.app.Close(); err != nil {
			t.Error(err)
		}
		r.Server.Close()
		opened.Close()
		_ = conn.Close(ctx)
	})
	return r
}

// part is a field of a form, or a file.
type part struct{ name, file, text string }

func formOf(t *testing.T, parts ...part) (body *bytes.Buffer, kind string) {
	t.Helper()
	body = &bytes.Buffer{}
	w := multipart.NewWriter(body)
	for _, p := range parts {
		begin := func() (io.Writer, error) { return w.CreateFormField(p.name) }
		if p.file != "" {
			begin = func() (io.Writer, error) { return w.CreateFormFile(p.name, p.file) }
		}
		to, err := begin()
		if err != nil {
			t.Fatal(err)
		}
		if _, err := io.WriteString(to, p.text); err != nil {
			t.Fatal(err)
		}
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return body, w.FormDataContentType()
}

// post sends a form with headers given as «Name: value».
func (r *receiver) post(t *testing.T, parts []part, headers ...string) answer {
	t.Helper()
	body, kind := formOf(t, parts...)
	request, err := http.NewRequest("POST", r.URL+"/imports", body)
	if err != nil {
		t.Fatal(err)
	}
	request.Header.Set("Content-Type", kind)
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
	answered, err := io.ReadAll(response.Body)
	if err != nil {
		t.Fatal(err)
	}
	return answer{response.StatusCode, response.Header, string(answered)}
}

// must asks and wants a status.
func (r *receiver) must(t *testing.T, status int, method, path string, headers ...string) answer {
	t.Helper()
	got := r.get(t, method, path, headers...)
	if got.status != status {
		t.Fatalf("%s %s: %d %.400s, want %d", method, path, got.status, got.body, status)
	}
	return got
}

// read decodes JSON.
func read[T any](t *testing.T, body string) (v T) {
	t.Helper()
	if err := json.Unmarshal([]byte(body), &v); err != nil {
		t.Fatalf("%v: %.400s", err, body)
	}
	return v
}

func (r *receiver) value(t *testing.T, query string) string {
	t.Helper()
	var v string
	if err := r.conn.QueryRow(context.Background(), query).Scan(&v); err != nil {
		t.Fatalf("%s: %v", query, err)
	}
	return v
}

// kept is how many files lie in the folders of uploads.
func (r *receiver) kept(t *testing.T) (n int) {
	t.Helper()
	err := filepath.WalkDir(r.dir, func(_ string, d os.DirEntry, err error) error {
		if errors.Is(err, fs.ErrNotExist) {
			return nil // taken away since its folder was read
		}
		if err == nil && !d.IsDir() {
			n++
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return n
}

// stations is a file of stations, one for each «code lon lat status».
func stations(rows ...string) string {
	var features []string
	for _, row := range rows {
		var code, status string
		var lon, lat float64
		if _, err := fmt.Sscan(row, &code, &lon, &lat, &status); err != nil {
			panic(err)
		}
		features = append(features,
			fmt.Sprintf(
				`{"type":"Feature","properties":{"code":%q,"status":%q},"geometry":{"type":"Point","coordinates":[%v,%v]}}`,
				code, status, lon, lat))
	}
	return `{"type":"FeatureCollection","crs":{"type":"name","properties":{"name":"EPSG:4326"}},"features":[` + strings.Join(features, ",\n") + `]}`
}

func stationForm(text string, more ...part) []part {
	return append([]part{{"layer", "", "station"}, {"file", "驿站.geojson", text}}, more...)
}

const stationsHave = "select coalesce(string_agg(concat_ws(' ', code, status, round(st_x(geom)::numeric, 3)), ', ' " +
	"order by code), '') from city.station"

func TestAnImportIsUploadedLookedAtAppliedAndUndone(t *testing.T) {
	t.Parallel()
	r := receive(t, server.Options{ImportActor: "surveyor"},
		`insert into city.station (code, status, geom) values ('S1', 'open', 'SRID=4326;POINT(112.5 33)')`)
	before := r.value(t, stationsHave)
	created := r.post(t, stationForm(stations("S1 112.501 33 open", "S2 112.6 33 open", "S3 0 0 open")))
	p := read[merge.Preview](t, created.body)
	at := fmt.Sprintf("/imports/%d", p.ID)
	if created.status != 201 || created.header.Get("Location") != at || p.State != merge.Previewed ||
		p.Source != "驿站.geojson" || p.Actor != "surveyor" {
		t.Fatalf("%d %v %.600s", created.status, created.header, created.body)
	}
	if c := p.Report.Changes; c.Inserted.Rows != 1 || c.Moved.Rows != 1 || p.Report.Rejected != 1 {
		t.Errorf("the preview says %.900s", created.body)
	}
	if r.value(t, stationsHave) != before {
		t.Fatal("the preview changed the layer")
	}
	for language, says := range map[string]string{"zh": "将新增 1", "en": "would insert 1"} {
		if got := r.must(t, 200, "GET", at+"?lang="+language, "Accept: text/plain"); !strings.Contains(got.body, says) || got.header.Get("Content-Type") != "text/plain; charset=utf-8" {
			t.Errorf("in %s: %s", language, got.body)
		}
	}
	if got := r.must(t, 200, "GET", "/imports"); !strings.Contains(got.body, `"state":"preview"`) ||
		strings.Contains(got.body, `"report"`) {
		t.Errorf("the list is %s", got.body)
	}
	if got := r.must(t, 200, "POST", at+"/apply"); !strings.Contains(got.body, `"inserted":1,"updated":1`) {
		t.Errorf("applied: %s", got.body)
	}
	if got := r.value(t, stationsHave); got != "S1 open 112.501, S2 open 112.600" {
		t.Errorf("the layer has %s", got)
	}
	if n := r.kept(t); n != 0 {
		t.Errorf("%d uploaded files are left", n)
	}
	r.must(t, 409, "POST", at+"/apply")
	r.must(t, 409, "DELETE", at)
	r.must(t, 410, "GET", at+"/rejected")
	list := read[struct{ Batches []ledger.Batch }](t, r.must(t, 200, "GET", "/batches?layer=station&limit=1").body)
	if len(list.Batches) != 1 || list.Batches[0].Actor != "surveyor" || list.Batches[0].Inserted != 1 {
		t.Fatalf("the batches are %+v", list)
	}
	undo := fmt.Sprintf("/batches/%d/undo", list.Batches[0].ID)
	r.exec(t, "update city.station set status = 'closed' where code = 'S2'")
	if got := r.must(t, 409, "POST", undo); !strings.Contains(got.body, `"key":"S2"`) ||
		!strings.Contains(got.body, `"kind":"conflict"`) {
		t.Errorf("undoing over an edit: %s", got.body)
	}
	if got := r.must(t, 200, "POST", undo+"?force=true"); !strings.Contains(got.body, `"deleted":1,"restored":1`) {
		t.Errorf("undone: %s", got.body)
	}
	if got := r.value(t, stationsHave); got != before {
		t.Errorf("the layer has %s, had %s", got, before)
	}
	if got := r.must(t, 200, "GET", "/metrics"); !strings.Contains(got.body,
		`yizhan_imports_total{layer="station",outcome="applied"} 1`) {
		t.Error("the metrics do not count the import")
	}
}

func TestAPreviewIsRefusedWhenTheLayerChangedAndCanBeDiscarded(t *testing.T) {
	t.Parallel()
	r := receive(t, server.Options{})
	p := read[merge.Preview](t, r.post(t, stationForm(stations("S1 112.5 33 open"))).body)
	at := fmt.Sprintf("/imports/%d", p.ID)
	r.exec(t, `insert into city.station (code, status, geom) values ('S9', 'open', 'SRID=4326;POINT(112.5 33)')`)
	if got := r.must(t, 409, "POST", at+"/apply"); !strings.Contains(got.body, "changed since the preview") {
		t.Errorf("applied over a change: %s", got.body)
	}
	if r.kept(t) != 1 {
		t.Error("a refused preview lost its file")
	}
	r.must(t, 204, "DELETE", at)
	if r.kept(t) != 0 {
		t.Error("a discarded preview kept its file")
	}
	r.must(t, 409, "DELETE", at)
	r.must(t, 409, "POST", at+"/apply")
	if got := r.must(t, 200, "GET", at+"/events"); !strings.Contains(got.body,
		"event: state\ndata: {\"id\":1,\"state\":\"discarded\"}") {
		t.Errorf("its events are %s", got.body)
	}
	for _, path := range []string{"/imports/4711", "/imports/4711/events", "/imports/4711/rejected"} {
		r.must(t, 404, "GET", path)
	}
	r.must(t, 404, "DELETE", "/imports/4711")
	r.must(t, 404, "POST", "/imports/4711/apply")
	r.must(t, 404, "POST", "/batches/4711/undo")
	r.must(t, 400, "GET", "/imports/first")
	if got := r.must(t, 405, "PUT", at+"/apply"); got.header.Get("Allow") != "POST" {
		t.Errorf("allowed is %q", got.header.Get("Allow"))
	}
}

func TestRejectedRowsAreMendedAndImportedAgain(t *testing.T) {
	t.Parallel()
	r := receive(t, server.Options{})
	p := read[merge.Preview](t, r.post(t, stationForm(stations("S1 112.5 33 open", "S2 2.6 33 open"))).body)
	at := fmt.Sprintf("/imports/%d", p.ID)
	got := r.must(t, 200, "GET", at+"/rejected")
	if want := "attachment; filename*=utf-8''%E9%A9%BF%E7%AB%99.rejected.geojson"; got.header.Get("Content-Disposition") != want {
		t.Errorf("the file is called %q, want %q", got.header.Get("Content-Disposition"), want)
	}
	if !strings.Contains(got.body, `"S2"`) || strings.Contains(got.body, `"S1"`) ||
		got.header.Get("X-Rejected-Rows") != "1 of 1" {
		t.Fatalf("rejected: %v %s", got.header, got.body)
	}
	r.must(t, 200, "POST", at+"/apply")
	fixed := strings.Replace(got.body, "2.6", "112.6", 1)
	again := read[merge.Preview](t, r.post(t, stationForm(fixed)).body)
	if again.Report.Inserted != 1 || again.Report.Rejected != 0 {
		t.Fatalf("the fixed file: %+v", again.Report)
	}
	at = fmt.Sprintf("/imports/%d", again.ID)
	r.must(t, 404, "GET", at+"/rejected")
	r.must(t, 200, "POST", at+"/apply")
	if have := r.value(t, stationsHave); have != "S1 open 112.500, S2 open 112.600" {
		t.Errorf("the layer has %s", have)
	}
}

func TestAllOrNothingLeavesNothingToApply(t *testing.T) {
	t.Parallel()
	r := receive(t, server.Options{})
	got := r.post(t, stationForm(stations("S1 112.5 33 open", "S2 2.6 33 open"), part{"strict", "", "true"}))
	if got.status != 422 || !strings.Contains(got.body, `"kind":"rejected"`) ||
		!strings.Contains(got.body, `"rejected":1`) {
		t.Fatalf("%d %s", got.status, got.body)
	}
	r.must(t, 409, "POST", "/imports/1/apply")
	if r.kept(t) != 0 {
		t.Error("its file is left")
	}
	if got := r.post(t, stationForm(stations("S1 112.5 33 open"), part{"strict", "", "on"})); got.status != 201 {
		t.Errorf("a clean file: %d %s", got.status, got.body)
	}
}

func TestAFileWhoseCoordinatesAreNotDecidedIsAsked(t *testing.T) {
	t.Parallel()
	r := receive(t, server.Options{})
	table := "code,status,lon,lat\nS1,open,112.5,33.0\nS2,open,112.6,33.0\n"
	form := []part{{"layer", "", "station"}, {"file", "stations.csv", table}}
	got := r.post(t, form)
	if got.status != 422 {
		t.Fatalf("%d %.400s", got.status, got.body)
	}
	asked := read[struct {
		Error struct {
			Kind, Message string
			Label         struct{ ZH, EN string }
			Readings      []struct {
				CRS   string
				First []float64
			}
		}
	}](t, got.body).Error
	if asked.Kind != "question" || asked.Message == "" || !strings.Contains(asked.Label.ZH, "--crs") ||
		len(asked.Readings) < 2 || len(asked.Readings[0].First) != 2 {
		t.Fatalf("asked %s", got.body)
	}
	if shown := r.must(t, 200, "GET", "/imports/1"); !strings.Contains(shown.body, `"kind":"question"`) ||
		!strings.Contains(shown.body, `"state":"failed"`) {
		t.Errorf("it is shown as %s", shown.body)
	}
	if r.kept(t) != 0 {
		t.Error("its file is left")
	}
	if again := r.post(t, append(form, part{"crs", "", asked.Readings[1].CRS})); again.status != 201 {
		t.Errorf("answered with %s: %d %.400s", asked.Readings[1].CRS, again.status, again.body)
	}
}

func TestTheServerStopsWithoutLeavingUploads(t *testing.T) {
	t.Parallel()
	r := receive(t, server.Options{})
	p := read[merge.Preview](t, r.post(t, stationForm(stations("S1 112.5 33 open", "S2 2.6 33 open"))).body)
	stale := filepath.Join(r.dir, "yizhan-uploads-stale", "x")
	if err := os.MkdirAll(stale, 0o700); err != nil {
		t.Fatal(err)
	}
	next := server.New(server.Options{Ledger: r.ledger, Log: slog.New(slog.NewTextHandler(r.log, nil)),
		UploadDir: r.dir, ImportToken: r.token})
	listening := httptest.NewUnstartedServer(nil)
	ctx, stop := context.WithCancel(context.Background())
	done := make(chan error, 1)
	go func() { done <- next.Listen(ctx, listening.Listener) }()
	other := &running{Server: httptest.NewUnstartedServer(nil), token: r.token}
	other.Server.Start()
	defer other.Server.Close()
	other.URL = "http://" + listening.Listener.Addr().String()
	for end := time.Now().Add(10 * time.Second); ; time.Sleep(10 * time.Millisecond) {
		if _, err := os.Stat(stale); os.IsNotExist(err) && strings.Contains(r.log.String(), "imports cleaned up") {
			break
		}
		if time.Now().After(end) {
			t.Fatalf("nothing was cleaned: %s", r.log.String())
		}
	}
	if r.kept(t) != 1 {
		t.Error("the uploads of a server that runs were removed")
	}
	if got := other.get(t, "GET", fmt.Sprintf("/imports/%d/rejected", p.ID)); got.status != 410 {
		t.Errorf("rejected rows after a restart: %d %s", got.status, got.body)
	}
	if got := other.get(t, "POST", fmt.Sprintf("/imports/%d/apply", p.ID)); got.status != 200 {
		t.Errorf("applied after a restart: %d %s", got.status, got.body)
	}
	stop()
	if err := <-done; err != nil {
		t.Error(err)
	}
	if err := r.app.Close(); err != nil || r.kept(t) != 0 {
		t.Errorf("closed: %v, %d files left", err, r.kept(t))
	}
	if got := r.post(t, stationForm(stations("S1 112.5 33 open"))); got.status != 503 {
		t.Errorf("an upload to a server that stops: %d", got.status)
	}
}
