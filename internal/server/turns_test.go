package server_test

import (
	"fmt"
	"net/http"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"

	"yizhan/internal/pgtest"
)

// hold keeps everybody from a table until released.
func (r *running) hold(t *testing.T, dsn, table string) (release func()) {
	t.Helper()
	conn, err := pgx.Connect(t.Context(), dsn)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := conn.Exec(t.Context(), "begin; lock table "+table+" in access exclusive mode"); err != nil {
		t.Fatal(err)
	}
	return sync.OnceFunc(func() {
		if _, err := conn.Exec(t.Context(), "rollback"); err != nil {
			t.Error(err)
		}
		_ = conn.Close(t.Context())
	})
}

// Pasts that the ledger does not hand out keep nobody from the present, nor from
// asking, and one client gets no more than its share of them.
func TestThoseWhoLookBackHoldUpNobodyElse(t *testing.T) {
	t.Parallel()
	dsn := pgtest.Ledger(t)
	r := serve(t, dsn, twoStations,
		"insert into city.road (code, class, geom) values ('R-1', 'arterial', 'SRID=4326;MULTILINESTRING((112.5 33, "+
			"112.6 33))')",
		"update journal.entry set at = at - interval '2 days'")
	release := r.hold(t, dsn, "city.road")
	defer release()
	day := time.Now().AddDate(0, 0, -1)
	statuses := make(chan answer, 100)
	var wait sync.WaitGroup
	for i := range 60 { // more than may be drawn at a time, and than one client may have waiting
		then := day.Add(time.Duration(i) * time.Second).UTC().Format(time.RFC3339)
		path := "/tiles/road/14/13313/6599.mvt?as_of=" + then
		if i%3 == 0 {
			path = "/tiles/road/14/13313/6599/explain?as_of=" + then
		}
		wait.Go(func() { statuses <- r.get(t, "GET", path) })
	}
	refused := 0
	for range 20 { // those beyond the client's share, while the others wait
		if got := <-statuses; got.status != http.StatusServiceUnavailable || got.header.Get("Retry-After") == "" {
			t.Errorf("one too many who looks back is answered %d %s", got.status, got.body)
		}
		refused++
	}
	if got := r.get(t, "GET", stationTile); got.status != http.StatusOK {
		t.Errorf("a tile of the present is answered %d %s", got.status, got.body)
	}
	if got := r.get(t, "GET", "/ask/station_catchment?station=ST-001"); got.status != http.StatusOK {
		t.Errorf("a question is answered %d %s", got.status, got.body)
	}
	release()
	wait.Wait()
	close(statuses)
	for got := range statuses {
		if got.status >= http.StatusInternalServerError && got.status != http.StatusServiceUnavailable {
			t.Errorf("when the ledger answers again: %d %s", got.status, got.body)
		}
	}
}

// Where so much changed that it is not told apart, nothing is left out either.
func TestAfterVeryManyChangesEverythingIsNamed(t *testing.T) {
	t.Parallel()
	dsn := pgtest.Ledger(t)
	r := serve(t, dsn, twoStations)
	since := r.changes(t, r.commit(t, "update city.station set name = 'a' where code = 'ST-001'")).Version
	r.commit(t,
		"insert into journal.entry (layer, op, actor, ids) select 'station', 'update', 'x', '{1}' from "+
			"generate_series(1, 10001)")
	fresh := serve(t, dsn)
	said := fresh.changes(t, since)
	if !said.Catalog || len(said.Layers) < 2 {
		t.Errorf("it names %+v", said)
	}
	for _, l := range said.Layers {
		if !l.Whole || l.Layer == "member" {
			t.Errorf("it names %+v", l)
		}
	}
	if again := fresh.changes(t, since); fmt.Sprint(again) != fmt.Sprint(said) {
		t.Errorf("the second who asks is told %+v", again)
	}
	token := r.commit(t, "update city.station set name = 'b' where code = 'ST-001'")
	fresh.get(t, "GET", tileOfStations(15, "", "at="+token))
	if later := fresh.changes(t, said.Version); len(later.Layers) != 1 || later.Layers[0].Whole {
		t.Errorf("from what it was told on, it is told %+v", later)
	}
}

// What was kept for those who come back with one version does not stand for what
// came later.
func TestWhatIsKeptForThoseWhoComeBackIsNeverTooOld(t *testing.T) {
	t.Parallel()
	dsn := pgtest.Ledger(t)
	r := serve(t, dsn, twoStations)
	since := r.changes(t, r.commit(t, "update city.station set name = 'a' where code = 'ST-001'")).Version
	r.commit(t, "update city.station set name = 'b' where code = 'ST-001'")
	fresh := serve(t, dsn)
	if said := fresh.changes(t, since); len(said.Layers) != 1 || said.Layers[0].Layer != "station" {
		t.Fatalf("it names %+v", said)
	}
	token := r.commit(t,
		"insert into city.road (code, class, geom) values ('R-1', 'arterial', 'SRID=4326;MULTILINESTRING((112.5 33, "+
			"112.6 33))')")
	fresh.get(t, "GET", tileOfStations(15, "", "at="+token))
	if said := fresh.changes(t, since); len(said.Layers) != 2 || len(said.Layers[0].Bounds) == 0 {
		t.Errorf("after another layer changed it names %+v", said)
	}
}

func TestAnAnswerThatIsTooLargeIsRefused(t *testing.T) {
	t.Parallel()
	r := start(t,
		`create function ask.large(size_mb integer, pieces integer default 1) returns table (n integer, body text) language sql stable as
			$$ select n, repeat('<', size_mb * 1048576 / pieces) from generate_series(1, pieces) n $$`)
	for _, query := range []string{"size_mb=17", "size_mb=17&pieces=1000", "size_mb=17&format=csv", "size_mb=60"} {
		got := r.get(t, "GET", "/ask/large?"+query)
		if got.status != http.StatusBadRequest || !strings.Contains(got.body, "16 MiB") ||
			!strings.Contains(got.body, "size_mb") {
			t.Errorf("%s: %d %.300s", query, got.status, got.body)
		}
	}
	if got := r.get(t, "GET", "/ask/large?size_mb=15&pieces=10"); got.status != http.StatusOK ||
		len(got.body) < 15<<20 ||
		!strings.HasSuffix(got.body, `"}]}`) || !strings.Contains(got.body, `"number_returned":10`) {
		t.Errorf("one that is not: %d, %d bytes, %.300s", got.status, len(got.body), got.body)
	}
}
