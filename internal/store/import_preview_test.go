package store_test

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/jackc/pgx/v5"

	"yizhan/geo"
	"yizhan/importer"
	"yizhan/internal/pgtest"
	"yizhan/internal/store"
)

// previewed previews a file.
func previewed(t *testing.T, s *store.Store, layer geo.LayerName, file string, o store.ImportOptions) *store.Preview {
	t.Helper()
	opened, err := onDisk(t, file)
	if err != nil {
		t.Fatal(err)
	}
	defer opened.Close()
	id, err := s.BeginPreview(context.Background(), layer, opened.Name, "surveyor")
	if err != nil {
		t.Fatal(err)
	}
	o.Actor = "surveyor"
	p, err := s.Preview(context.Background(), id, layer, opened, o)
	if err != nil {
		t.Fatal(err)
	}
	if p.ID != id || p.State != store.Previewed || p.Report == nil {
		t.Fatalf("the preview is %+v", p)
	}
	return p
}

// applied applies a preview that must go through.
func applied(t *testing.T, s *store.Store, id int64) *importer.Report {
	t.Helper()
	report, err := s.Apply(context.Background(), id, "chief")
	if err != nil {
		t.Fatal(err)
	}
	return report
}

// staged is how many staging tables there are.
const staged = "select count(*) from pg_class c join pg_namespace n on n.oid = relnamespace where nspname = 'staging' and relkind = 'r'"

func TestApplyingDoesWhatThePreviewSaid(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name  string
		keyed bool
		model func(layer, file []post, mode store.Mode) outcome
	}{{"by key", true, byKey}, {"by whole row", false, byRow}} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			random := seed(t)
			s, conn := postLayer(t, c.keyed)
			for round := range 15 {
				mode := []store.Mode{store.Merge, store.Replace, store.Append}[round%3]
				layer, file := somePosts(random, random.IntN(20), 30, false), append(somePosts(random, 1+random.IntN(25), 30, true), post{"Q", "甲", "1", 1})
				if c.keyed {
					slices.SortFunc(layer, func(a, b post) int { return strings.Compare(a.code, b.code) })
					layer = slices.CompactFunc(layer, func(a, b post) bool { return a.code == b.code })
				}
				exec(t, conn, "truncate city.post")
				putPosts(t, conn, layer)
				want := c.model(layer, file, mode)
				before := fixed(t, conn, "city.post")
				p := previewed(t, s, "post", fileOf(file), store.ImportOptions{Mode: mode})
				if after := fixed(t, conn, "city.post"); after != before {
					t.Fatalf("the preview changed the layer: %s, then %s", before, after)
				}
				report := applied(t, s, p.ID)
				slices.Sort(want.rows)
				if got := value(t, conn, postRows); got != strings.Join(want.rows, " ") {
					t.Fatalf("%s of\n%v into\n%v\nleft\n%s, want\n%s", mode, file, layer, got, strings.Join(want.rows, " "))
				}
				if figures(report) != figures(p.Report) {
					t.Fatalf("the preview said\n%s, the import\n%s", figures(p.Report), figures(report))
				}
				if got := value(t, conn, "select concat_ws('/', actor, inserted, updated, deleted, rejected, crs) from journal.batch order by id desc limit 1"); got != fmt.Sprintf("chief/%d/%d/%d/%d/EPSG:4326", want.inserted, want.updated, want.deleted, want.rejected) {
					t.Fatalf("the ledger of imports has %s", got)
				}
				after, err := s.ReadPreview(context.Background(), p.ID)
				if err != nil || after.State != store.Applied || after.Batch == nil || *after.Batch != report.Batch {
					t.Fatalf("the preview is then %+v, %v", after, err)
				}
			}
			if got := value(t, conn, staged); got != "0" {
				t.Errorf("%s staging tables are left", got)
			}
		})
	}
}

func TestAPreviewOfALargeLayerIsAppliedAsItWas(t *testing.T) {
	t.Parallel()
	s, conn := open(t)
	if _, err := bring(t, s, "station", many(6000)); err != nil {
		t.Fatal(err)
	}
	file := strings.Replace(many(6001), `"code":"M000017","name":"站"`, `"code":"M000017","name":"新站"`, 1)
	p := previewed(t, s, "station", file, store.ImportOptions{})
	if got := counts(p.Report); got != "read 6001, inserted 1, updated 1, unchanged 5999" {
		t.Errorf("the preview says %s", got)
	}
	if got := counts(applied(t, s, p.ID)); got != "read 6001, inserted 1, updated 1, unchanged 5999" {
		t.Errorf("applying says %s", got)
	}
	if got := value(t, conn, "select count(*) || string_agg(name, '') filter (where code = 'M000017') from city.station"); got != "6001新站" {
		t.Errorf("the layer has %s", got)
	}
}

func TestAPreviewIsRefusedWhenTheLayerHasChangedUnderIt(t *testing.T) {
	t.Parallel()
	other := func(t *testing.T, s *store.Store, conn *pgx.Conn) {
		if _, err := bring(t, s, "post", fileOf([]post{{"P9", "丙", "1", 9}})); err != nil {
			t.Fatal(err)
		}
	}
	for _, c := range []struct {
		name   string
		change func(t *testing.T, s *store.Store, conn *pgx.Conn)
		says   string
	}{
		{"an edit", func(t *testing.T, _ *store.Store, conn *pgx.Conn) { exec(t, conn, "update city.post set name = '改'") }, "changed since"},
		{"an edit of a row that is not in the file", func(t *testing.T, _ *store.Store, conn *pgx.Conn) {
			exec(t, conn, "update city.post set name = '改' where code = 'P2'")
		}, "changed since"},
		{"a row taken out", func(t *testing.T, _ *store.Store, conn *pgx.Conn) {
			exec(t, conn, "delete from city.post where code = 'P1'")
		}, "changed since"},
		{"the layer emptied", func(t *testing.T, _ *store.Store, conn *pgx.Conn) { exec(t, conn, "truncate city.post") }, "changed since"},
		{"another import", other, "changed since"},
		{"a column more", func(t *testing.T, _ *store.Store, conn *pgx.Conn) {
			exec(t, conn, "alter table city.post add column more text", "select catalog.publish('city.post', key_column => 'code')")
		}, "fields"},
		{"the staged rows lost", func(t *testing.T, _ *store.Store, conn *pgx.Conn) {
			exec(t, conn, "truncate staging."+value(t, conn, "select relname from pg_class where relnamespace = 'staging'::regnamespace and relkind = 'r'"))
		}, "lost"},
		{"the staging table lost", func(t *testing.T, _ *store.Store, conn *pgx.Conn) {
			exec(t, conn, "drop table staging."+value(t, conn, "select relname from pg_class where relnamespace = 'staging'::regnamespace and relkind = 'r'"))
		}, "lost"},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			s, conn := postLayer(t, true)
			putPosts(t, conn, []post{{"P1", "甲", "1", 1}, {"P2", "乙", "1", 2}})
			p := previewed(t, s, "post", fileOf([]post{{"P1", "丁", "1", 1}, {"P3", "丁", "1", 1}}), store.ImportOptions{})
			c.change(t, s, conn)
			before := fixed(t, conn, "city.post") + value(t, conn, batches)
			for range 2 {
				if _, err := s.Apply(context.Background(), p.ID, "chief"); !errors.Is(err, geo.ErrConflict) || !strings.Contains(err.Error(), c.says) || !strings.Contains(err.Error(), "again") {
					t.Errorf("got %v", err)
				}
			}
			if after := fixed(t, conn, "city.post") + value(t, conn, batches); after != before {
				t.Errorf("something was changed: %s, then %s", before, after)
			}
			if err := s.Discard(context.Background(), p.ID); err != nil {
				t.Error(err)
			}
			if got := value(t, conn, staged); got != "0" {
				t.Errorf("%s staging tables are left", got)
			}
		})
	}
}

func TestChangesOfOtherLayersDoNotStandInTheWay(t *testing.T) {
	t.Parallel()
	s, conn := postLayer(t, true)
	p := previewed(t, s, "post", fileOf([]post{{"P1", "丁", "1", 1}}), store.ImportOptions{})
	exec(t, conn, stationAtCentre)
	if got := counts(applied(t, s, p.ID)); got != "read 1, inserted 1, updated 0, unchanged 0" {
		t.Error(got)
	}
}

func TestAPreviewIsAppliedOnceAndDiscardedForGood(t *testing.T) {
	t.Parallel()
	ctx := context.Background()
	s, conn := postLayer(t, true)
	file := fileOf([]post{{"P1", "甲", "1", 1}})
	p := previewed(t, s, "post", file, store.ImportOptions{})
	applied(t, s, p.ID)
	if _, err := s.Apply(ctx, p.ID, "chief"); !errors.Is(err, geo.ErrConflict) || !strings.Contains(err.Error(), "applied") {
		t.Errorf("applied twice: %v", err)
	}
	if err := s.Discard(ctx, p.ID); !errors.Is(err, geo.ErrConflict) || !strings.Contains(err.Error(), "undo") {
		t.Errorf("discarded when applied: %v", err)
	}
	p = previewed(t, s, "post", file, store.ImportOptions{})
	for range 2 { // the second does no harm
		if err := s.Discard(ctx, p.ID); err != nil {
			t.Error(err)
		}
	}
	if _, err := s.Apply(ctx, p.ID, "chief"); !errors.Is(err, geo.ErrConflict) || !strings.Contains(err.Error(), "discarded") {
		t.Errorf("applied when discarded: %v", err)
	}
	for _, err := range []error{s.Discard(ctx, 4711), func() error { _, err := s.Apply(ctx, 4711, ""); return err }(), func() error { _, err := s.ReadPreview(ctx, 4711); return err }()} {
		if !errors.Is(err, geo.ErrNotFound) {
			t.Errorf("one that is not there: %v", err)
		}
	}
	if got := value(t, conn, staged); got != "0" {
		t.Errorf("%s staging tables are left", got)
	}
}

func TestTwoWhoApplyAtOnce(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name    string
		another bool // each a preview of their own
	}{{"one preview", false}, {"two previews", true}} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			s, conn := postLayer(t, true)
			ids := []int64{previewed(t, s, "post", fileOf([]post{{"P1", "甲", "1", 1}}), store.ImportOptions{}).ID}
			if c.another {
				ids = append(ids, previewed(t, s, "post", fileOf([]post{{"P1", "乙", "1", 1}}), store.ImportOptions{}).ID)
			}
			errs := make([]error, 2)
			var both sync.WaitGroup
			for n := range errs {
				both.Go(func() { _, errs[n] = s.Apply(context.Background(), ids[n%len(ids)], "chief") })
			}
			both.Wait()
			if (errs[0] == nil) == (errs[1] == nil) || !errors.Is(errors.Join(errs...), geo.ErrConflict) {
				t.Errorf("got %v and %v, want one done and one conflict", errs[0], errs[1])
			}
			if got := value(t, conn, batches) + " " + value(t, conn, "select count(*) from city.post"); got != "1 1" {
				t.Errorf("batches and rows: %s", got)
			}
		})
	}
}

func TestAFailedPreviewSaysWhyAndLeavesNothing(t *testing.T) {
	t.Parallel()
	ctx := context.Background()
	s, conn := open(t)
	whole := many(6000)
	opened, err := onDisk(t, whole[:len(whole)-10])
	if err != nil {
		t.Fatal(err)
	}
	defer opened.Close()
	id, err := s.BeginPreview(ctx, "station", "stations.geojson", "surveyor")
	if err != nil {
		t.Fatal(err)
	}
	if _, err := s.Preview(ctx, id, "station", opened, store.ImportOptions{}); !errors.Is(err, geo.ErrInvalid) {
		t.Errorf("got %v", err)
	}
	p, err := s.ReadPreview(ctx, id)
	if err != nil || p.State != store.Failed || p.Failure == "" || p.Report != nil {
		t.Errorf("the preview is %+v, %v", p, err)
	}
	if _, err := s.Apply(ctx, id, ""); !errors.Is(err, geo.ErrConflict) {
		t.Errorf("applied: %v", err)
	}
	if got := value(t, conn, staged); got != "0" {
		t.Errorf("%s staging tables are left", got)
	}
}

func TestInterruptedAndForgottenPreviewsAreCleanedUp(t *testing.T) {
	t.Parallel()
	ctx := context.Background()
	s, conn := postLayer(t, true)
	file := fileOf([]post{{"P1", "甲", "1", 1}})
	interrupted, err := s.BeginPreview(ctx, "post", "posts.geojson", "surveyor")
	if err != nil {
		t.Fatal(err)
	}
	starting, err := s.BeginPreview(ctx, "post", "posts.geojson", "surveyor")
	if err != nil {
		t.Fatal(err)
	}
	forgotten, waiting := previewed(t, s, "post", file, store.ImportOptions{}).ID, previewed(t, s, "post", file, store.ImportOptions{}).ID
	exec(t, conn, fmt.Sprintf("update journal.import set begun_at = begun_at - interval '1 hour' where id in (%d, %d)", interrupted, waiting),
		fmt.Sprintf("update journal.import set changed_at = changed_at - interval '8 days' where id = %d", forgotten))
	if a, b, err := s.CleanPreviews(ctx); a != 1 || b != 1 || err != nil {
		t.Errorf("cleaned %d interrupted, %d forgotten, %v", a, b, err)
	}
	if a, b, err := s.CleanPreviews(ctx); a != 0 || b != 0 || err != nil {
		t.Errorf("then %d interrupted, %d forgotten, %v", a, b, err)
	}
	for id, want := range map[int64]store.State{interrupted: store.Failed, starting: store.Reading, forgotten: store.Discarded, waiting: store.Previewed} {
		if p, err := s.ReadPreview(ctx, id); err != nil || p.State != want {
			t.Errorf("%d is %+v, %v; want %s", id, p, err, want)
		}
	}
	if got := value(t, conn, staged); got != "1" {
		t.Errorf("%s staging tables are left", got)
	}
	applied(t, s, waiting)
}

func TestThePreviewOfAKilledServerIsUploadedAgain(t *testing.T) {
	t.Parallel()
	ctx := context.Background()
	server := pgtest.Server(t)
	dsn := server.Ledger(t)
	s, err := store.Open(ctx, store.Logins{Owner: dsn})
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	p := previewed(t, s, "station", collected(seat("S1", "站", "")), store.ImportOptions{})
	server.Kill(t)
	if _, err := s.Apply(ctx, p.ID, ""); err == nil {
		t.Error("applied without a server")
	}
	server.Restart(t)
	_, err = s.Apply(ctx, p.ID, "")
	for range 5 { // connections of the old server
		if errors.Is(err, geo.ErrConflict) {
			break
		}
		_, err = s.Apply(ctx, p.ID, "")
	}
	if !errors.Is(err, geo.ErrConflict) || !strings.Contains(err.Error(), "upload the file again") {
		t.Errorf("got %v", err)
	}
	if err := s.Discard(ctx, p.ID); err != nil {
		t.Error(err)
	}
	again := previewed(t, s, "station", collected(seat("S1", "站", "")), store.ImportOptions{})
	if got := counts(applied(t, s, again.ID)); got != "read 1, inserted 1, updated 0, unchanged 0" {
		t.Error(got)
	}
}

// canary is what must be seen nowhere.
const canary = "QX7J9"

func TestNothingOfAPersonIsToldOfAPersonalLayer(t *testing.T) {
	t.Parallel()
	ctx := context.Background()
	feature := func(properties, coordinates string) string {
		return `{"type":"Feature","properties":{` + properties + `},"geometry":{"type":"Point","coordinates":[` + coordinates + `]}}`
	}
	good := feature(`"code":"`+canary+`1","trade":"volunteer"`, "112.5731973,33.0731973")
	file := collected(good, good,
		feature(`"code":"`+canary+`2","trade":"`+canary+`"`, "112.5731973,33.0731973"),
		feature(`"code":"`+canary+`3","trade":"volunteer","joined_on":"`+canary+`"`, "112.5731973,33.0731973"),
		feature(`"code":"`+canary+`4","trade":"volunteer","joined_on":"2021-02-30 `+canary+`"`, "112.5731973,33.0731973"),
		feature(`"code":"`+canary+`5","trade":"volunteer","姓名":"`+canary+`","grid_code":"`+canary+`"`, "112.5731973,33.0731973"),
		feature(`"code":"`+canary+`6","trade":"volunteer"`, "2.5731973,3.0731973"),
		feature(`"code":"`+canary+`7","trade":"volunteer"`, `"`+canary+`",33.0731973`),
		feature(`"code":"`+canary+`8","trade":null`, "112.5731973,33.0731973"),
		feature(`"code":"`+canary+`9","trade":"\u0000`+canary+`"`, "112.5731973,33.0731973"),
		feature(`"code":"`+canary+`10","trade":"volunteer","trade":"`+canary+`"`, "112.5731973,33.0731973"))
	s, conn := open(t)
	exec(t, conn, "insert into personal.member (code, trade, geom) values ('"+canary+"1', 'sanitation', 'SRID=4326;POINT(112.5731974 33.0731974)')",
		"insert into personal.member (code, trade, geom) values ('"+canary+"99', 'sanitation', 'SRID=4326;POINT(112.5731974 33.0731974)')")
	for _, mode := range []store.Mode{store.Merge, store.Append, store.Replace} {
		var told strings.Builder
		tell := func(r *importer.Report, err error) {
			fmt.Fprintln(&told, err)
			if r == nil {
				return
			}
			text, jsonErr := json.Marshal(r)
			fmt.Fprintln(&told, string(text), jsonErr, r.Text("zh"), r.Text("en"))
		}
		tell(bringSo(ctx, t, s, "member", file, store.ImportOptions{Mode: mode, DryRun: true}))
		p := previewed(t, s, "member", file, store.ImportOptions{Mode: mode})
		tell(p.Report, nil)
		told.WriteString(value(t, conn, "select string_agg(concat_ws(' ', preview, failure, source), ' ') from journal.import"))
		tell(s.Apply(ctx, p.ID, "chief"))
		tell(bringSo(ctx, t, s, "member", file, store.ImportOptions{Mode: mode, Strict: true}))
		tell(bringSo(ctx, t, s, "member", file, store.ImportOptions{Mode: mode}))
		told.WriteString(value(t, conn, "select string_agg(b::text, ' ') from journal.batch b"))
		for _, word := range []string{canary, "731973", "731974"} {
			if at := strings.Index(told.String(), word); at >= 0 {
				t.Errorf("%s tells %q: …%s…", mode, word, told.String()[max(0, at-200):min(told.Len(), at+60)])
			}
		}
	}
}
