package server_test

import (
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"yizhan/internal/server"
)

func TestAFloodOfRefusalsWritesAFewShortLines(t *testing.T) {
	t.Parallel()
	r := receive(t, server.Options{}) // nothing is loaded: tiles are 503
	before := len(r.log.String())
	for range 300 {
		request := httptest.NewRequest("GET", "/layers/CANARY"+strings.Repeat("a", 26_000), nil)
		got := httptest.NewRecorder()
		r.app.ServeHTTP(got, request)
		if got.Code != http.StatusServiceUnavailable {
			t.Fatalf("%d %s", got.Code, got.Body)
		}
	}
	text := r.log.String()[before:]
	var loud int
	for line := range strings.Lines(text) {
		if !strings.Contains(line, "level=DEBUG") {
			loud++
		}
		if len(line) > 400 {
			t.Fatalf("a line of %d bytes: %.200s", len(line), line)
		}
	}
	if loud == 0 || loud > 20 || strings.Contains(text, "CANARY") {
		t.Errorf("%d lines: %.1000s", loud, text)
	}
	if !strings.Contains(text, "route=/layers/{layer}") {
		t.Errorf("the log does not say which route: %.1000s", text)
	}
}

func TestNothingThatAClientSendsIsLogged(t *testing.T) {
	t.Parallel()
	r := receive(t, server.Options{})
	for _, path := range []string{"/CANARY", "/ask/CANARY", "/ask/members_within?station=CANARY",
		"/ask/members_within?station=ST-001&radius_m=CANARY", "/ask/CANARY%00",
		"/batches?layer=CANARY", "/batches?layer=CANARY%00", "/batches/CANARY/undo", "/imports/CANARY",
		"/layers/CANARY?CANARY=1", "/changes?since=CANARY",
		"/tiles/CANARY/1/0/0.mvt", "/ogc/collections/CANARY", "/styles/CANARY.json"} {
		for _, method := range []string{"GET", "POST", "CANARY"} {
			r.get(t, method, path, "Last-Event-ID: CANARY", "User-Agent: CANARY", "Prefer: CANARY")
		}
	}
	for line := range strings.Lines(r.log.String()) {
		if strings.Contains(line, "CANARY") {
			t.Errorf("the log has %s", line)
		}
	}
}
