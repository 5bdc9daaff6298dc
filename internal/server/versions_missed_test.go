package server_test

import (
	"bufio"
	"context"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"

	"yizhan/internal/pgtest"
)

// follow reads the live feed, as one who saw everything up to a version, until an
// event of the name came; it returns the lines up to that event's data.
func (r *running) follow(t *testing.T, lastSeen, until string) (lines []string) {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), 15*time.Second)
	defer cancel()
	request, err := http.NewRequestWithContext(ctx, "GET", r.URL+"/events", nil)
	if err != nil {
		t.Fatal(err)
	}
	request.Header.Set("Last-Event-ID", lastSeen)
	response, err := r.Client().Do(request)
	if err != nil {
		t.Fatal(err)
	}
	defer response.Body.Close()
	come := false
	for text := bufio.NewScanner(response.Body); text.Scan(); {
		lines = append(lines, text.Text())
		come = come || text.Text() == "event: "+until
		if come && strings.HasPrefix(text.Text(), "data: ") {
			return lines
		}
	}
	t.Fatalf("the feed ended before %q came: %q", until, lines)
	return nil
}

// A client keeps the id of the last event that it got, so what it missed must reach
// it before any id that stands for it.
func TestWhatWasMissedComesBeforeTheGreeting(t *testing.T) {
	t.Parallel()
	r := start(t, twoStations)
	since := r.changes(t, r.commit(t, "update city.station set name = 'a' where code = 'ST-001'")).Version
	token := r.commit(t, "update city.station set name = 'b' where code = 'ST-001'")
	r.get(t, "GET", tileOfStations(15, "", "at="+token))
	lines := r.follow(t, since, "hello")
	text := strings.Join(lines, "\n")
	change, hello := strings.Index(text, "event: change"), strings.Index(text, "event: hello")
	if change < 0 || hello < change || strings.Count(text, "id: ") != 2 {
		t.Errorf("the greeting comes first, no change does, or one has no version:\n%s", text)
	}
	if !strings.Contains(text[max(hello, 0):], `"resumed":true`) {
		t.Errorf("the greeting does not say that nothing is missing:\n%s", text)
	}
	for _, unknown := range []string{"", "nonsense"} {
		if text := strings.Join(r.follow(t, unknown, "hello"), "\n"); strings.Contains(text, "resumed") ||
			strings.Contains(text, "event: change") {
			t.Errorf("one who saw %q is greeted with\n%s", unknown, text)
		}
	}
}

// A transaction that began earlier may commit later, so the number of one says
// nothing about those before it.
func TestAnOlderTransactionThatCommitsLaterIsNotPassedOver(t *testing.T) {
	t.Parallel()
	dsn := pgtest.Ledger(t)
	r := serve(t, dsn, twoStations)
	ctx := t.Context()
	slow, err := pgx.Connect(ctx, dsn)
	if err != nil {
		t.Fatal(err)
	}
	defer slow.Close(ctx)
	tx, err := slow.Begin(ctx)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := tx.Exec(ctx,
		"insert into city.road (code, class, geom) values ('R-LATE', 'arterial', 'SRID=4326;MULTILINESTRING((112.5 "+
			"33, 112.6 33))')"); err != nil {
		t.Fatal(err)
	}
	token := r.commit(t, "update city.station set name = 'a' where code = 'ST-001'")
	r.get(t, "GET", tileOfStations(15, "", "at="+token))
	if err := tx.Commit(ctx); err != nil {
		t.Fatal(err)
	}
	fresh := serve(t, dsn) // knows nothing but the journal of either
	named := map[string]bool{}
	for _, l := range fresh.changes(t, token).Layers {
		named[l.Layer] = true
		if l.Layer == "member" {
			t.Error("a layer of persons is named")
		}
	}
	if !named["station"] || !named["road"] {
		t.Errorf("since %s there changed %v, and the road is not among it", token, named)
	}
}

func TestAVersionFromBeforeTheJournalIsGone(t *testing.T) {
	t.Parallel()
	dsn := pgtest.Ledger(t)
	r := serve(t, dsn, twoStations)
	since := r.changes(t, r.commit(t, "update city.station set name = 'a' where code = 'ST-001'")).Version
	r.commit(t, "update city.station set name = 'b' where code = 'ST-001'")
	r.exec(t, "delete from journal.entry")
	r.commit(t, "update city.station set name = 'c' where code = 'ST-001'")
	if got := serve(t, dsn).get(t, "GET", "/changes?since="+since); got.status != http.StatusGone ||
		!strings.Contains(got.body, `"kind":"gone"`) || !strings.Contains(got.body, "again") {
		t.Errorf("%d %s", got.status, got.body)
	}
	if said := r.changes(t, since); len(said.Layers) != 1 || said.Layers[0].Whole {
		t.Errorf("a server that remembers says %+v", said)
	}
}

func TestAVersionIsAskedForOnceAndTheRestOfTheQueryStays(t *testing.T) {
	t.Parallel()
	r := start(t, twoStations)
	token := r.commit(t, "update city.station set name = 'a' where code = 'ST-001'")
	for _, c := range []struct {
		name, query string
		status      int
	}{
		{"a version", "at=" + token, 200},
		{"a version twice", "at=" + token + "&at=999999999", 400},
		{"a version and an unknown parameter", "at=" + token + "&filtre=x", 400},
		{"a version and a filter", "at=" + token + "&filter=code%20%3D%20%27ST-001%27", 200},
	} {
		if got := r.get(t, "GET", tileOfStations(15, "", c.query)); got.status != c.status {
			t.Errorf("%s: %d %.200s, want %d", c.name, got.status, got.body, c.status)
		}
	}
}
