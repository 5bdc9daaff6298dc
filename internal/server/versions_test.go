package server_test

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"yizhan/internal/pgtest"
)

// commit makes one edit and returns the number of its transaction.
func (r *running) commit(t *testing.T, statement string, args ...any) string {
	t.Helper()
	ctx := context.Background()
	tx, err := r.conn.Begin(ctx)
	if err != nil {
		t.Fatal(err)
	}
	var token string
	if _, err := tx.Exec(ctx, statement, args...); err != nil {
		t.Fatal(err)
	}
	if err := tx.QueryRow(ctx, "select pg_current_xact_id()::text").Scan(&token); err != nil {
		t.Fatal(err)
	}
	if err := tx.Commit(ctx); err != nil {
		t.Fatal(err)
	}
	return token
}

func TestATileAskedForWithAVersionIsNeverOlderOnAnyServer(t *testing.T) {
	t.Parallel()
	dsn := pgtest.Ledger(t)
	servers := []*running{serve(t, dsn, twoStations), serve(t, dsn)}
	plain := strings.TrimSuffix(tileOfStations(15, "", ""), "?")
	var crowd sync.WaitGroup
	defer crowd.Wait()
	done := make(chan struct{})
	defer close(done)
	for _, r := range servers {
		crowd.Go(func() { r.crowd(plain, done) })
	}
	for i := range 200 {
		name := fmt.Sprintf("驿站 %d", i)
		token := servers[0].commit(t, "update city.station set name = $1 where code = 'ST-001'", name)
		var asked sync.WaitGroup
		for n, r := range servers {
			asked.Go(func() {
				for _, path := range []string{tileOfStations(15, "", "at="+token), plain} {
					got := r.get(t, "GET", path)
					if p := shown(t, got.body)["ST-001"]; p["name"] != name {
						t.Errorf("server %d shows %v after %s was committed as %s (%s: status %d)", n, p, name, token,
							path, got.status)
					}
				}
			})
		}
		if asked.Wait(); t.Failed() {
			return
		}
	}
	// a transaction that touched no layer is over too
	token := servers[1].commit(t, "create temporary table nothing ()")
	if got := servers[0].get(t, "GET", tileOfStations(15, "", "at="+token)); got.status != 200 {
		t.Errorf("after a transaction without edits: %d %s", got.status, got.body)
	}
}

func TestAVersionThatDoesNotComeIsUnavailable(t *testing.T) {
	t.Parallel()
	r := start(t, twoStations)
	got := r.get(t, "GET", tileOfStations(15, "", "at=999999999"))
	if got.status != 503 || got.header.Get("Retry-After") == "" {
		t.Errorf("a version of the future: %d %v", got.status, got.header)
	}
	for _, wrong := range []string{"", "x", "-1", "0", "5:4:", "5:9:7,6", "5:9:11", "01"} {
		if got := r.get(t, "GET", tileOfStations(15, "", "at="+wrong)); got.status != 400 {
			t.Errorf("version %q: %d %s", wrong, got.status, got.body)
		}
	}
}

// crowd asks for one tile again and again until done, so that it is always in the
// cache or being drawn when an edit comes.
func (r *running) crowd(path string, done <-chan struct{}) {
	for {
		select {
		case <-done:
			return
		default:
		}
		response, err := r.Client().Get(r.URL + path)
		if err != nil {
			return
		}
		_, _ = io.Copy(io.Discard, response.Body)
		_ = response.Body.Close()
	}
}

// told is what /changes says.
type told struct {
	Version string
	Catalog bool
	Layers  []struct {
		Layer  string
		Whole  bool
		Bounds [][4]float64
	}
}

func (r *running) changes(t *testing.T, since string) (said told) {
	t.Helper()
	got := r.get(t, "GET", "/changes?since="+since)
	if got.status != 200 {
		t.Fatalf("changes since %s: %d %s", since, got.status, got.body)
	}
	if err := json.Unmarshal([]byte(got.body), &said); err != nil {
		t.Fatal(err)
	}
	return said
}

func TestChangesSinceAVersionNameTheGround(t *testing.T) {
	t.Parallel()
	dsn := pgtest.Ledger(t)
	r := serve(t, dsn, twoStations)
	first := r.commit(t, "update city.station set name = 'a' where code = 'ST-001'")
	afterFirst := r.changes(t, first).Version
	if none := r.changes(t, afterFirst); len(none.Layers) != 0 || none.Catalog {
		t.Errorf("nothing changed since %s, and it says %+v", afterFirst, none)
	}
	second := r.commit(t, "update city.station set geom = 'SRID=4326;POINT(112.6 33.1)' where code = 'ST-002'")
	r.commit(t,
		"insert into personal.member (code, trade, organisation, geom) values ('M-1', 'sanitation', 'x', "+
			"'SRID=4326;POINT(112.7 33.1)')")
	r.get(t, "GET", tileOfStations(15, "", "at="+second))
	got := r.changes(t, afterFirst)
	if len(got.Layers) != 1 || got.Layers[0].Layer != "station" || len(got.Layers[0].Bounds) != 2 {
		t.Errorf("after a move: %+v", got)
	}
	if again := r.changes(t, got.Version); len(again.Layers) != 0 {
		t.Errorf("told twice: %+v", again)
	}
	// another server, which was not there, finds it in the journal
	late := serve(t, dsn).changes(t, afterFirst)
	if len(late.Layers) != 1 || late.Layers[0].Whole || !slices.Equal(late.Layers[0].Bounds, got.Layers[0].Bounds) {
		t.Errorf("from the journal: %+v, and the server that was there said %+v", late, got)
	}
	// beyond so many rows it names the layer
	r.exec(t,
		"insert into city.organisation (code, kind, geom) select 'O-' || n, 'community', st_setsrid(st_point(112 + n "+
			"* 1e-5, 33), 4326) from generate_series(1, 10001) n")
	late = serve(t, dsn).changes(t, afterFirst)
	if len(late.Layers) != 2 || late.Layers[0].Layer != "organisation" || !late.Layers[0].Whole ||
		late.Layers[1].Whole {
		t.Errorf("after 10,001 rows of another layer: %+v", late)
	}
}

func TestChangesCanBeWaitedFor(t *testing.T) {
	t.Parallel()
	r := start(t, twoStations)
	since := r.changes(t, r.commit(t, "update city.station set name = 'a' where code = 'ST-001'")).Version
	answer := make(chan answer, 1)
	go func() { answer <- r.get(t, "GET", "/changes?wait=20&since="+since) }()
	time.Sleep(100 * time.Millisecond)
	r.commit(t, "update city.station set name = 'b' where code = 'ST-001'")
	select {
	case got := <-answer:
		if !strings.Contains(got.body, `"station"`) {
			t.Errorf("it says %s", got.body)
		}
	case <-time.After(10 * time.Second):
		t.Error("nothing came")
	}
}
