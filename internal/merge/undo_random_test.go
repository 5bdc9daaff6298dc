package merge_test

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"math/rand/v2"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"

	"yizhan/geo"
	"yizhan/internal/merge"
	"yizhan/internal/pgtest"
)

// model is what the ledger should do, told by comparing whole tables.
type model struct {
	events []event
}

// event is one change: of a batch, or with number 0 of somebody.
type event struct {
	batch, undoes int64
	before        map[int64]string
	touched       map[int64]bool
}

// undone says whether the batch is without effect: an undo of it has effect.
func (m *model) undone(batch int64) bool {
	for _, e := range m.events {
		if e.undoes == batch && !m.undone(e.batch) {
			return true
		}
	}
	return false
}

func (m *model) event(batch int64) (at int) {
	for i, e := range m.events {
		if e.batch == batch {
			return i
		}
	}
	return -1
}

// changed counts the rows of a batch that were changed after it, without what was
// undone after it and the undos that did it.
func (m *model) changed(batch int64) int {
	at := m.event(batch)
	rows := make(map[int64]bool)
	for _, e := range m.events[at+1:] {
		if e.batch != 0 && m.undone(e.batch) || e.undoes != 0 && !m.undone(e.batch) && m.event(e.undoes) > at {
			continue
		}
		for id := range e.touched {
			if m.events[at].touched[id] {
				rows[id] = true
			}
		}
	}
	return len(rows)
}

// expected is the table after the undo of a batch, and the rows that it writes.
func (m *model) expected(batch int64, now map[int64]string) (after map[int64]string, touched map[int64]bool) {
	e := m.events[m.event(batch)]
	after, touched = maps.Clone(now), make(map[int64]bool)
	for id := range e.touched {
		former, was := e.before[id]
		if _, is := now[id]; is || was {
			touched[id] = true
		}
		delete(after, id)
		if was {
			after[id] = former
		}
	}
	return after, touched
}

// read is the table by id.
func read(t *testing.T, conn *pgx.Conn) map[int64]string {
	t.Helper()
	rows, err := conn.Query(context.Background(), "select gid, s::text from city.station s")
	if err != nil {
		t.Fatal(err)
	}
	table := make(map[int64]string)
	var id int64
	var text string
	if _, err := pgx.ForEachRow(rows, []any{&id, &text}, func() error { table[id] = text; return nil }); err != nil {
		t.Fatal(err)
	}
	return table
}

// step is one random statement; the versions make every write differ.
func step(random *rand.Rand, version int) string {
	some := fmt.Sprintf("gid %% %d = %d", 2+random.IntN(6), random.IntN(2))
	switch random.IntN(12) {
	case 0, 1, 2, 3:
		return fmt.Sprintf(
			`insert into city.station (code, name, status, geom) select 'S%d-' || i, '站', 'open', 'SRID=4326;POINT(112.5 33)' from generate_series(1, %d) i`, version, 1+random.IntN(4))
	case 4, 5, 6:
		return fmt.Sprintf("update city.station set name = 'v%d' where %s", version, some)
	case 7, 8:
		return fmt.Sprintf("update city.station set code = 'K%d-' || gid, geom = st_translate(geom, 0.001, 0) where %s",
			version, some)
	case 9:
		return "delete from city.station where " + some
	case 10:
		return "delete from city.station where gid = (select min(gid) from city.station)"
	}
	return "truncate city.station"
}

func TestRandomBatchesEditsAndUndos(t *testing.T) {
	t.Parallel()
	s, conn := open(t)
	seed := uint64(time.Now().UnixNano())
	t.Logf("seed %d", seed)
	random := rand.New(rand.NewPCG(seed, 6))
	m := &model{}
	tally := map[string]int{}
	for version := range 250 {
		before := read(t, conn)
		var list []int64
		for _, e := range m.events {
			if e.batch != 0 {
				list = append(list, e.batch)
			}
		}
		if kind := random.IntN(10); kind >= 4 && len(list) > 0 {
			newest := list[max(0, len(list)-1-random.IntN(6))]
			tally[m.undo(t, s, conn, newest, kind == 9, before)]++
			continue
		} else if kind < 3 {
			var statements []string
			for n := range 1 + random.IntN(3) {
				statements = append(statements, step(random, version*10+n))
			}
			batch := batched(t, conn, "station", statements...)
			m.events = append(m.events, event{batch: batch, before: before,
				touched: touchedBy(t, conn, "batch = "+fmt.Sprint(batch))})
			continue
		}
		mark := pgtest.Value(t, conn, "select max(seq) from journal.entry")
		pgtest.Exec(t, conn, step(random, version*10))
		m.events = append(m.events, event{before: before, touched: touchedBy(t, conn, "seq > "+mark)})
	}
	t.Logf("undos: %v", tally)
	if tally["done"] == 0 || tally["changed"] == 0 || tally["undone already"] == 0 || tally["forced"] == 0 {
		t.Errorf("the sequence does not try everything: %v", tally)
	}
}

// touchedBy are the ids in entries of the journal.
func touchedBy(t *testing.T, conn *pgx.Conn, where string) map[int64]bool {
	t.Helper()
	rows, err := conn.Query(context.Background(), "select distinct unnest(ids) from journal.entry where "+where)
	if err != nil {
		t.Fatal(err)
	}
	ids, err := pgx.CollectRows(rows, pgx.RowTo[int64])
	if err != nil {
		t.Fatal(err)
	}
	touched := make(map[int64]bool)
	for _, id := range ids {
		touched[id] = true
	}
	return touched
}

// undo undoes a batch, holds the answer to the model and says how it went.
func (m *model) undo(t *testing.T, s *bureau, conn *pgx.Conn, batch int64, force bool, now map[int64]string) string {
	t.Helper()
	undone, err := s.Undo(context.Background(), merge.UndoOptions{Batch: batch, Force: force})
	changed := m.changed(batch)
	var since *merge.ChangedSince
	outcome, want := "done", now
	switch {
	case m.undone(batch):
		outcome = "undone already"
		if !errors.Is(err, geo.ErrConflict) || errors.As(err, &since) {
			t.Fatalf("batch %d is undone already, and its undo says %v", batch, err)
		}
	case changed > 0 && !force:
		outcome = "changed"
		if !errors.As(err, &since) || since.Total != int64(changed) {
			t.Fatalf("%d rows of batch %d were changed, and its undo says %v", changed, batch, err)
		}
	case err != nil:
		t.Fatalf("undo of batch %d: %v", batch, err)
	default:
		if changed > 0 {
			outcome = "forced"
		}
		var touched map[int64]bool
		want, touched = m.expected(batch, now)
		m.events = append(m.events, event{batch: undone.Batch, undoes: batch, before: now, touched: touched})
		if journalled := touchedBy(t, conn, "batch = "+fmt.Sprint(undone.Batch)); !maps.Equal(journalled, touched) {
			t.Fatalf("undo of batch %d: the journal has %v, want %v", batch, journalled, touched)
		}
	}
	if got := read(t, conn); !maps.Equal(got, want) {
		t.Fatalf("undo of batch %d (%s): the layer has\n%v\nwant\n%v", batch, outcome, got, want)
	}
	return outcome
}
