package server_test

import (
	"bufio"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/url"
	"strings"
	"testing"

	"yizhan/internal/server"
)

func TestHealthAnswersWhileEveryConnectionIsTaken(t *testing.T) {
	t.Parallel()
	const most = 20
	admin, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	_, address := answers(t, server.Options{Admin: admin, Connections: most})
	at, err := url.Parse(address)
	if err != nil {
		t.Fatal(err)
	}
	ask := func(conn net.Conn, path string) (int, string) {
		t.Helper()
		fmt.Fprintf(conn, "GET %s HTTP/1.1\r\nHost: localhost\r\n\r\n", path)
		response, err := http.ReadResponse(bufio.NewReader(conn), nil)
		if err != nil {
			return 0, err.Error() // turned away before it asked
		}
		defer response.Body.Close()
		body, _ := io.ReadAll(response.Body)
		return response.StatusCode, string(body)
	}
	dial := func(to string) net.Conn {
		t.Helper()
		conn, err := net.Dial("tcp", to)
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() { conn.Close() })
		return conn
	}
	var held []net.Conn
	for range most {
		held = append(held, dial(at.Host))
		if got, _ := ask(held[len(held)-1], "/healthz"); got != 200 {
			t.Fatalf("connection %d: %d", len(held), got)
		}
	}
	if got, body := ask(dial(at.Host), "/healthz"); got == 200 {
		t.Errorf("one connection more than there are: %s", body)
	}
	for path, status := range map[string]int{"/healthz": 200, "/readyz": 503, "/metrics": 200, "/layers": 404,
		"/imports": 404, "/": 404} {
		if got, body := ask(dial(admin.Addr().String()), path); got != status {
			t.Errorf("admin, %s: %d %s", path, got, body)
		}
	}
	if got, _ := ask(held[0], "/metrics"); got != 404 {
		t.Errorf("metrics for everybody: %d", got)
	}
	if _, body := ask(dial(admin.Addr().String()), "/metrics"); !strings.Contains(body, "yizhan_connections_refused_total 1") {
		t.Error("the metrics do not count who was turned away")
	}
	held[0].Close()
	eventually(t, "a place is free again", func() bool {
		got, _ := ask(dial(at.Host), "/healthz")
		return got == 200
	})
}

func TestOneClientLeavesPlacesToOthersWhoFollowTheChanges(t *testing.T) {
	t.Parallel()
	const share = 200
	r := start(t, twoStations)
	follow := func(path string, headers ...string) int {
		t.Helper()
		request, err := http.NewRequest("GET", r.URL+path, nil)
		if err != nil {
			t.Fatal(err)
		}
		for _, h := range headers {
			name, value, _ := strings.Cut(h, ": ")
			request.Header.Set(name, value)
		}
		response, err := r.Client().Do(request)
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() { response.Body.Close() })
		if response.StatusCode == 429 && response.Header.Get("Retry-After") == "" {
			t.Error("429 does not say when to try again")
		}
		return response.StatusCode
	}
	for n := range share {
		if got := follow("/events"); got != 200 {
			t.Fatalf("stream %d: %d", n+1, got)
		}
	}
	for _, path := range []string{"/events", "/changes?since=9999999999:9999999999:&wait=30"} {
		if got := follow(path); got != 429 {
			t.Errorf("%s beyond the share of a client: %d", path, got)
		}
	}
	if got := follow("/events", "X-Forwarded-For: 192.0.2.7"); got != 200 {
		t.Errorf("another client: %d", got)
	}
}
