package merge_test

import (
	"context"
	"errors"
	"strings"
	"testing"
	"time"

	"yizhan/geo"
	"yizhan/internal/ledger"
	"yizhan/internal/merge"
	"yizhan/internal/pgtest"
)

// hang is after how long a call counts as one that never returns.
const hang = 90 * time.Second

func TestAFrozenServerIsNotWaitedForForever(t *testing.T) {
	t.Parallel()
	if testing.Short() {
		t.Skip("waits for a frozen server")
	}
	ctx := context.Background()
	server := pgtest.Server(t)
	dsn := server.Ledger(t)
	s, conn := reopen(t, dsn)
	batch := surveyed(t, s, "station", seat("S1", "站", ""))
	waiting := previewed(t, s, "station", collected(seat("S2", "站", "")), merge.Options{}).ID
	unwanted := previewed(t, s, "station", collected(seat("S3", "站", "")), merge.Options{}).ID
	begun, err := s.BeginPreview(ctx, "station", "stations.geojson", "surveyor")
	if err != nil {
		t.Fatal(err)
	}
	file, err := onDisk(t, many(100))
	if err != nil {
		t.Fatal(err)
	}
	defer file.Close()
	server.Freeze(t)
	calls := map[string]func() error{
		"undo":         func() error { _, err := s.Undo(ctx, merge.UndoOptions{Batch: batch}); return err },
		"apply":        func() error { _, err := s.Apply(ctx, waiting, "chief"); return err },
		"discard":      func() error { return s.Discard(ctx, unwanted) },
		"list imports": func() error { _, err := s.Previews(ctx); return err },
		"list batches": func() error { _, err := s.Batches(ctx, ledger.BatchFilter{}); return err },
		"one batch":    func() error { _, err := s.Batch(ctx, batch); return err },
		"list layers":  func() error { _, err := s.Layers(ctx); return err },
		"a profile":    func() error { _, err := s.Profile(ctx, "高新区"); return err },
		"begin":        func() error { _, err := s.BeginPreview(ctx, "station", "a", "b"); return err },
		"preview":      func() error { _, err := s.Preview(ctx, begun, "station", file, merge.Options{}); return err },
		"import":       func() error { _, err := bring(t, s, "station", collected(seat("S4", "站", ""))); return err },
		"clean up":     func() error { _, _, err := s.CleanPreviews(ctx); return err },
	}
	type answer struct {
		call string
		err  error
	}
	answers := make(chan answer, len(calls))
	for name, call := range calls {
		go func() { answers <- answer{name, call()} }()
	}
	end := time.After(hang)
	for range calls {
		select {
		case a := <-answers:
			delete(calls, a.call)
			if !errors.Is(a.err, geo.ErrUnavailable) || !strings.Contains(a.err.Error(), "does not answer") {
				t.Errorf("%s: got %v", a.call, a.err)
			}
		case <-end:
			t.Fatalf("without an answer: %d calls, such as %v", len(calls), calls)
		}
	}
	server.Thaw(t)
	// what was under way is done whole or not at all, and all goes on
	conn.Close(ctx)
	s, conn = reopen(t, dsn)
	if _, err := s.Batches(ctx, ledger.BatchFilter{}); err != nil {
		t.Fatal(err)
	}
	if _, err := s.Undo(ctx, merge.UndoOptions{Batch: batch}); err != nil && !errors.Is(err, geo.ErrConflict) {
		t.Error(err)
	}
	if got := pgtest.Value(t, conn, "select count(*) from city.station where code = 'S1'"); got != "0" {
		t.Errorf("the layer has %s rows of the import that is undone", got)
	}
}

func TestABusyServerIsWaitedFor(t *testing.T) {
	t.Parallel()
	if testing.Short() {
		t.Skip("waits longer than for a frozen server")
	}
	ctx := context.Background()
	s, conn := open(t)
	surveyed(t, s, "station", seat("S1", "站", ""))
	somebody, err := conn.Begin(ctx) // keeps a row that the import changes
	if err != nil {
		t.Fatal(err)
	}
	defer somebody.Rollback(ctx)
	if _, err := somebody.Exec(ctx, "update city.station set name = '改'"); err != nil {
		t.Fatal(err)
	}
	imported := make(chan error, 1)
	go func() {
		_, err := bring(t, s, "station", collected(seat("S1", "新", "")))
		imported <- err
	}()
	select {
	case err := <-imported:
		t.Fatalf("it did not wait: %v", err)
	case <-time.After(25 * time.Second):
	}
	if err := somebody.Rollback(ctx); err != nil {
		t.Fatal(err)
	}
	if err := <-imported; err != nil {
		t.Error(err)
	}
}

func TestAnImportIsDiscardedWhileAnotherServerReadsIt(t *testing.T) {
	t.Parallel()
	for _, table := range []string{"city.station", "catalog.city"} { // at which it is then
		t.Run(table, func(t *testing.T) {
			t.Parallel()
			discardedWhileRead(t, table)
		})
	}
}

func discardedWhileRead(t *testing.T, table string) {
	ctx := context.Background()
	s, conn := open(t)
	other, _ := reopen(t, conn.Config().ConnString())
	id, err := s.BeginPreview(ctx, "station", "stations.geojson", "surveyor")
	if err != nil {
		t.Fatal(err)
	}
	file, err := onDisk(t, many(100))
	if err != nil {
		t.Fatal(err)
	}
	defer file.Close()
	somebody, err := conn.Begin(ctx) // keeps readers out
	if err != nil {
		t.Fatal(err)
	}
	defer somebody.Rollback(ctx)
	if _, err := somebody.Exec(ctx, "lock table "+table+" in access exclusive mode"); err != nil {
		t.Fatal(err)
	}
	read := make(chan error, 1)
	go func() {
		_, err := s.Preview(ctx, id, "station", file, merge.Options{})
		read <- err
	}()
	for end := time.Now().Add(hang); pgtest.Value(t, conn, "select count(*) from pg_locks where not granted") == "0"; time.Sleep(10 * time.Millisecond) {
		if time.Now().After(end) {
			t.Fatal("the preview does not wait for the table")
		}
	}
	if err := other.Discard(ctx, id); err != nil {
		t.Error(err)
	}
	if err := somebody.Rollback(ctx); err != nil {
		t.Fatal(err)
	}
	if err := <-read; !errors.Is(err, geo.ErrConflict) || !strings.Contains(err.Error(), "discarded") {
		t.Errorf("reading it says %v", err)
	}
	if p, err := s.ReadPreview(ctx, id); err != nil || p.State != merge.Discarded {
		t.Errorf("it is %+v, %v", p, err)
	}
	if got := pgtest.Value(t, conn, staged); got != "0" {
		t.Errorf("%s staging tables are left", got)
	}
}
