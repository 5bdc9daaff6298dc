package server_test

import (
	"context"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"net/http/httputil"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"yizhan/internal/server"
)

// trustedRoutes are the addresses that write or show what files hold, with what they
// answer to whoever is let in.
var trustedRoutes = []struct {
	method, path string
	status       int
}{
	{"GET", "/imports", 200}, {"POST", "/imports", 415}, {"GET", "/imports/1", 404}, {"DELETE", "/imports/1", 404},
	{"POST", "/imports/1/apply", 404}, {"GET", "/imports/1/rejected", 404}, {"GET", "/imports/1/events", 404},
	{"GET", "/batches", 200}, {"POST", "/batches/1/undo", 404}, {"OPTIONS", "/imports", 405},
}

func TestOnlyABearerOfTheTokenMayImport(t *testing.T) {
	t.Parallel()
	shut, guarded := receive(t, server.Options{Local: &server.Local{}}), receive(t,
		server.Options{ImportToken: "correct horse"})
	here, there := "127.0.0.1:5000", "192.0.2.7:5000"
	bearer := "Authorization: Bearer correct horse"
	for _, c := range []struct {
		name    string
		on      *receiver
		from    string
		host    string
		headers string
		status  int
	}{
		{"this machine without the token", guarded, here, "localhost", "", 401},
		{"this machine by IPv6 without the token", guarded, "[::1]:5000", "[::1]:8080", "", 401},
		{"this machine by another name without the token", guarded, here, "evil.example", "", 401},
		{"an address typed at this machine", guarded, here, "localhost:8080", "Sec-Fetch-Site: none", 401},
		{"this machine with the token", guarded, here, "localhost", bearer, 200},
		{"its own page with the token", guarded, here, "localhost:8080", bearer + "\nOrigin: http://localhost:8080",
			200},
		{"the token from elsewhere", guarded, there, "map.example", bearer, 200},
		{"the token in another spelling of the scheme", guarded, there, "map.example",
			"Authorization: bearer correct horse", 200},
		{"a part of the token", guarded, there, "map.example", "Authorization: Bearer correct", 401},
		{"the token by another scheme", guarded, there, "map.example", "Authorization: Basic correct horse", 401},
		{"no token", guarded, there, "map.example", "", 401},
		{"an empty token", guarded, there, "map.example", "Authorization: Bearer ", 401},
		{"the token from a page of another origin", guarded, there, "map.example", bearer +
			"\nOrigin: https://evil.example", 403},
		{"from a page of another port", guarded, here, "localhost:8080", bearer + "\nOrigin: http://localhost:3000",
			403},
		{"from a page without an origin", guarded, here, "localhost:8080", bearer + "\nOrigin: null", 403},
		{"from a page of another site that sends no origin", guarded, here, "localhost:8080", bearer +
			"\nSec-Fetch-Site: cross-site", 403},
		{"this machine where nobody may", shut, here, "localhost", "", 403},
		{"an empty token where nobody may", shut, here, "localhost", "Authorization: Bearer ", 403},
	} {
		for _, route := range trustedRoutes {
			request := httptest.NewRequest(route.method, "http://"+c.host+route.path, nil)
			request.RemoteAddr = c.from
			for header := range strings.SplitSeq(c.headers, "\n") {
				if name, value, ok := strings.Cut(header, ": "); ok {
					request.Header.Set(name, value)
				}
			}
			want := c.status
			if want == 200 {
				want = route.status
			}
			got := deadlined{httptest.NewRecorder()}
			c.on.app.ServeHTTP(got, request)
			if got.Code != want || got.Header().Get("Access-Control-Allow-Origin") != "" ||
				got.Header().Get("Cache-Control") != "no-store" {
				t.Errorf("%s, %s %s: %d %v %s, want %d", c.name, route.method, route.path, got.Code, got.Header(),
					got.Body, want)
			}
			if got.Code == 401 && (got.Header().Get("WWW-Authenticate") != "Bearer" ||
				!strings.Contains(got.Body.String(), "Authorization: Bearer TOKEN")) {
				t.Errorf("%s: %v %s", c.name, got.Header(), got.Body)
			}
		}
	}
}

// answers serves a whole server on a port of its own until the test ends.
func answers(t *testing.T, o server.Options) (*receiver, string) {
	t.Helper()
	r := receive(t, o)
	public, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	ctx, stop := context.WithCancel(context.Background())
	done := make(chan error, 1)
	go func() { done <- r.app.Listen(ctx, public) }()
	t.Cleanup(func() {
		stop()
		if err := <-done; err != nil {
			t.Error(err)
		}
	})
	return r, "http://" + public.Addr().String()
}

// passingOn is a proxy that says nothing of itself, as nginx does with proxy_pass alone.
func passingOn(t *testing.T, to string) string {
	t.Helper()
	at, err := url.Parse(to)
	if err != nil {
		t.Fatal(err)
	}
	proxy := httptest.NewServer(&httputil.ReverseProxy{Rewrite: func(p *httputil.ProxyRequest) {
		p.SetURL(at)
		p.Out.Host = "localhost"
	}})
	t.Cleanup(proxy.Close)
	return proxy.URL
}

// status is what an address answers to a form of stations.
func status(t *testing.T, client *http.Client, method, address, token string) int {
	t.Helper()
	body, kind := formOf(t, stationForm(stations("S1 112.5 33 open"))...)
	request, err := http.NewRequest(method, address, body)
	if err != nil {
		t.Fatal(err)
	}
	request.Header.Set("Content-Type", kind)
	if token != "" {
		request.Header.Set("Authorization", token)
	}
	response, err := client.Do(request)
	if err != nil {
		t.Fatal(err)
	}
	defer response.Body.Close()
	_, _ = io.Copy(io.Discard, response.Body)
	return response.StatusCode
}

func TestAProxyThatAddsNothingDoesNotMakeTheWorldLocal(t *testing.T) {
	t.Parallel()
	_, chosen := answers(t, server.Options{ImportToken: "correct horse"})
	local, err := server.OpenLocal(filepath.Join(t.TempDir(), "run"), 8080)
	if err != nil {
		t.Fatal(err)
	}
	_, made := answers(t, server.Options{Local: local})
	for name, address := range map[string]string{
		"a chosen token":                 chosen,
		"a chosen token, behind a proxy": passingOn(t, chosen),
		"a made token":                   made,
		"a made token, behind a proxy":   passingOn(t, made),
	} {
		for _, route := range []string{"POST /imports", "POST /batches/1/undo", "GET /imports/1/rejected",
			"GET /imports", "GET /batches"} {
			method, path, _ := strings.Cut(route, " ")
			if got := status(t, http.DefaultClient, method, address+path, ""); got != 401 {
				t.Errorf("%s, %s: %d", name, route, got)
			}
		}
	}
	if got := status(t, http.DefaultClient, "POST", passingOn(t, chosen)+"/imports", "Bearer correct horse"); got != 201 {
		t.Errorf("with the token, behind a proxy: %d", got)
	}
}

func TestTheAccountOfTheServerImportsOverItsSocketOrWithItsToken(t *testing.T) {
	t.Parallel()
	dir := filepath.Join(t.TempDir(), "run")
	local, err := server.OpenLocal(dir, 8080)
	if err != nil {
		t.Fatal(err)
	}
	r, address := answers(t, server.Options{Local: local})
	dial := func(ctx context.Context, _, _ string) (net.Conn, error) {
		return (&net.Dialer{}).DialContext(ctx, "unix", local.SocketPath)
	}
	overSocket := &http.Client{Transport: &http.Transport{DialContext: dial}}
	defer overSocket.CloseIdleConnections()
	if got := status(t, overSocket, "POST", "http://localhost/imports", ""); got != 201 {
		t.Errorf("over the socket: %d", got)
	}
	header, err := os.ReadFile(local.TokenPath)
	if err != nil {
		t.Fatal(err)
	}
	_, token, ok := strings.Cut(strings.TrimSpace(string(header)), "Authorization: ")
	if scheme, word, _ := strings.Cut(token, " "); !ok || scheme != "Bearer" || len(word) != 64 {
		t.Fatalf("the file holds %q", header)
	}
	if got := status(t, http.DefaultClient, "POST", address+"/imports", token); got != 201 {
		t.Errorf("with the token: %d", got)
	}
	for path, want := range map[string]os.FileMode{dir: 0o700, local.SocketPath: 0o600, local.TokenPath: 0o600} {
		if info, err := os.Lstat(path); err != nil || info.Mode().Perm() != want {
			t.Errorf("%s: %v %v, want %v", path, info.Mode(), err, want)
		}
	}
	if strings.Contains(r.log.String(), token[len("Bearer "):]) {
		t.Error("the log has the token")
	}
}

func TestSocketAndTokenAreOfOneStart(t *testing.T) {
	t.Parallel()
	dir := filepath.Join(t.TempDir(), "run")
	first, err := server.OpenLocal(dir, 8080)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := server.OpenLocal(dir, 8080); err == nil ||
		!strings.Contains(err.Error(), "another server is listening") {
		t.Errorf("a second server of the same port: %v", err)
	}
	other, err := server.OpenLocal(dir, 8081)
	if err != nil {
		t.Fatalf("a second server of another port: %v", err)
	}
	before, err := os.ReadFile(first.TokenPath)
	if err != nil {
		t.Fatal(err)
	}
	for _, l := range []*server.Local{first, other} {
		if err := l.Close(); err != nil {
			t.Error(err)
		}
	}
	if left, err := os.ReadDir(dir); err != nil || len(left) > 0 {
		t.Errorf("left behind: %v %v", left, err)
	}
	if err := os.WriteFile(first.TokenPath, before, 0o644); err != nil { // as after a crash, and opened by hand
		t.Fatal(err)
	}
	again, err := server.OpenLocal(dir, 8080)
	if err != nil {
		t.Fatal(err)
	}
	defer again.Close()
	info, err := os.Stat(again.TokenPath)
	if err != nil || info.Mode().Perm() != 0o600 {
		t.Errorf("%v %v", info, err)
	}
	if after, err := os.ReadFile(again.TokenPath); err != nil || string(after) == string(before) {
		t.Errorf("the same token again: %v", err)
	}
}

func TestAFolderThatOthersCanEnterHoldsNoToken(t *testing.T) {
	t.Parallel()
	open := filepath.Join(t.TempDir(), "open")
	if err := os.Mkdir(open, 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.Chmod(open, 0o755); err != nil {
		t.Fatal(err)
	}
	link := filepath.Join(t.TempDir(), "link")
	if err := os.Symlink(t.TempDir(), link); err != nil {
		t.Fatal(err)
	}
	for name, dir := range map[string]string{"open": open, "a link": link} {
		if _, err := server.OpenLocal(dir, 8080); err == nil || !strings.Contains(err.Error(), "--run-dir") {
			t.Errorf("%s: %v", name, err)
		}
		if left, err := os.ReadDir(dir); err != nil || len(left) > 0 {
			t.Errorf("%s: left behind: %v %v", name, left, err)
		}
	}
}
