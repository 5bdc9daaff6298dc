package merge_test

import (
	"context"
	"fmt"
	"os"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"

	"yizhan/internal/merge"
	"yizhan/internal/pgtest"
)

// postmaster is the number of the process that has started the connection's.
func postmaster(t *testing.T, conn *pgx.Conn) int {
	t.Helper()
	stat, err := os.ReadFile(fmt.Sprintf("/proc/%d/stat", conn.PgConn().PID()))
	if err != nil {
		t.Skipf("SKIPPED, NOT TESTED: there is no /proc here: %v", err)
	}
	text := string(stat)
	pid, err := strconv.Atoi(strings.Fields(text[strings.LastIndexByte(text, ')')+1:])[1])
	if err != nil {
		t.Fatal(err)
	}
	return pid
}

func TestAPreviewAtAKilledServerIsWholeOrGone(t *testing.T) {
	t.Parallel()
	ctx := context.Background()
	random := seed(t)
	server := pgtest.Server(t)
	dsn := server.Ledger(t)
	const n = 20_000
	file := many(n)
	s, conn := reopen(t, dsn)
	begun := time.Now()
	if err := s.Discard(ctx, previewed(t, s, "station", file, merge.Options{}).ID); err != nil {
		t.Fatal(err)
	}
	whole := time.Since(begun)
	var there, gone int
	for try := range 8 {
		opened, err := onDisk(t, file)
		if err != nil {
			t.Fatal(err)
		}
		id, err := s.BeginPreview(ctx, "station", "stations.geojson", "surveyor")
		if err != nil {
			t.Fatal(err)
		}
		read := make(chan error, 1)
		go func() {
			_, err := s.Preview(ctx, id, "station", opened, merge.Options{})
			read <- err
		}()
		time.Sleep(time.Duration(random.Float64() * 2 * float64(whole)))
		if try%2 == 0 { // its children find out by themselves, and clean up what nobody remembers
			if err := syscall.Kill(postmaster(t, conn), syscall.SIGKILL); err != nil {
				t.Fatal(err)
			}
		}
		server.Kill(t)
		<-read
		opened.Close()
		conn.Close(ctx)
		s.Close()
		server.Restart(t)
		s, conn = reopen(t, dsn)
		pgtest.Exec(t, conn,
			"update journal.import set begun_at = begun_at - interval '1 hour' where state = 'reading'")
		if _, _, err := s.CleanPreviews(ctx); err != nil {
			t.Fatal(err)
		}
		p, err := s.ReadPreview(ctx, id)
		switch {
		case err != nil:
			t.Fatal(err)
		case p.State == merge.Previewed:
			there++
			if got := counts(applied(t, s, id)); got != fmt.Sprintf("read %d, inserted %[1]d, updated 0, unchanged 0",
				n) {
				t.Errorf("try %d: applied, it is %s", try, got)
			}
			if got := pgtest.Value(t, conn, "select count(*) from city.station"); got != fmt.Sprint(n) {
				t.Errorf("try %d: the layer has %s rows", try, got)
			}
			pgtest.Exec(t, conn, "truncate city.station")
		case p.State != merge.Failed:
			t.Errorf("try %d: the preview is %s", try, p.State)
		default:
			gone++
		}
		if got := pgtest.Value(t, conn, "select count(*) from pg_class where relnamespace = 'staging'::regnamespace"); got != "0" {
			t.Errorf("try %d: %s relations are left in staging", try, got)
		}
	}
	t.Logf("%d previews were there whole, %d were gone", there, gone)
}

func TestTablesOfPreviewsThatAreOverAreCleanedUp(t *testing.T) {
	t.Parallel()
	s, conn := postLayer(t, true)
	waiting := previewed(t, s, "post", fileOf([]post{{"P1", "甲", "1", 1}}), merge.Options{}).ID
	over := previewed(t, s, "post", fileOf([]post{{"P1", "甲", "1", 1}}), merge.Options{}).ID
	pgtest.Exec(t, conn, fmt.Sprintf("update journal.import set state = 'failed' where id = %d", over),
		"create table staging.import_4711 (a text)", "create table staging.notes (a text)")
	if _, _, err := s.CleanPreviews(context.Background()); err != nil {
		t.Fatal(err)
	}
	want := fmt.Sprintf("import_%d import_%[1]d_aside notes", waiting)
	if got := pgtest.Value(t, conn,
		"select string_agg(relname, ' ' order by relname) from pg_class where relnamespace = 'staging'::regnamespace "+
			"and relkind = 'r'"); got != want {
		t.Errorf("staging has %s, want %s", got, want)
	}
	applied(t, s, waiting)
}
