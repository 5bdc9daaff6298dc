package merge_test

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
	"yizhan/importer/settings"
	"yizhan/internal/lang"
	"yizhan/internal/ledger"
	"yizhan/internal/merge"
	"yizhan/internal/pg"
	"yizhan/internal/pgtest"
)

// previewed previews a file.
func previewed(t *testing.T, s *bureau, layer geo.LayerName, file string, o merge.Options) *merge.Preview {
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
	if p.ID != id || p.State != merge.Previewed || p.Report == nil {
		t.Fatalf("the preview is %+v", p)
	}
	return p
}

// applied applies a preview that must go through.
func applied(t *testing.T, s *bureau, id int64) *importer.Report {
	t.Helper()
	report, err := s.Apply(context.Background(), id, "chief")
	if err != nil {
		t.Fatal(err)
	}
	return report
}

// staged is how many staging tables there are.
const staged = "select count(distinct replace(relname, '_aside', '')) from pg_class where relnamespace = " +
	"'staging'::regnamespace and relkind = 'r'"

func TestApplyingDoesWhatThePreviewSaid(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name  string
		keyed bool
		model func(layer, file []post, mode merge.Mode) outcome
	}{{"by key", true, byKey}, {"by whole row", false, byRow}} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			random := seed(t)
			s, conn := postLayer(t, c.keyed)
			for round := range 15 {
				mode := []merge.Mode{merge.Merge, merge.Replace, merge.Append}[round%3]
				layer, file := somePosts(random, random.IntN(20), 30,
					false), append(somePosts(random, 1+random.IntN(25), 30, true), post{"Q", "甲", "1", 1})
				if c.keyed {
					slices.SortFunc(layer, func(a, b post) int { return strings.Compare(a.code, b.code) })
					layer = slices.CompactFunc(layer, func(a, b post) bool { return a.code == b.code })
				}
				pgtest.Exec(t, conn, "truncate city.post")
				putPosts(t, conn, layer)
				want := c.model(layer, file, mode)
				before := fixed(t, conn, "city.post")
				p := previewed(t, s, "post", fileOf(file),
					merge.Options{Settings: settings.Settings{Mode: said(string(mode))}})
				if after := fixed(t, conn, "city.post"); after != before {
					t.Fatalf("the preview changed the layer: %s, then %s", before, after)
				}
				report := applied(t, s, p.ID)
				slices.Sort(want.rows)
				if got := pgtest.Value(t, conn, postRows); got != strings.Join(want.rows, " ") {
					t.Fatalf("%s of\n%v into\n%v\nleft\n%s, want\n%s", mode, file, layer, got,
						strings.Join(want.rows, " "))
				}
				if figures(report) != figures(p.Report) {
					t.Fatalf("the preview said\n%s, the import\n%s", figures(p.Report), figures(report))
				}
				if got := pgtest.Value(t, conn,
					"select concat_ws('/', actor, inserted, updated, deleted, rejected, crs) from journal.batch "+
						"order by id desc limit 1"); got != fmt.Sprintf("chief/%d/%d/%d/%d/EPSG:4326", want.inserted,
					want.updated, want.deleted, want.rejected) {
					t.Fatalf("the ledger of imports has %s", got)
				}
				after, err := s.ReadPreview(context.Background(), p.ID)
				if err != nil || after.State != merge.Applied || after.Batch == nil || *after.Batch != report.Batch {
					t.Fatalf("the preview is then %+v, %v", after, err)
				}
			}
			if got := pgtest.Value(t, conn, staged); got != "0" {
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
	p := previewed(t, s, "station", file, merge.Options{})
	if got := counts(p.Report); got != "read 6001, inserted 1, updated 1, unchanged 5999" {
		t.Errorf("the preview says %s", got)
	}
	if got := counts(applied(t, s, p.ID)); got != "read 6001, inserted 1, updated 1, unchanged 5999" {
		t.Errorf("applying says %s", got)
	}
	if got := pgtest.Value(t, conn,
		"select count(*) || string_agg(name, '') filter (where code = 'M000017') from city.station"); got != "6001新站" {
		t.Errorf("the layer has %s", got)
	}
}

func TestAPreviewIsRefusedWhenWhatItTouchesHasChanged(t *testing.T) {
	t.Parallel()
	for _, c := range overtaking() {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			s, conn := postLayer(t, true)
			putPosts(t, conn, []post{{"P1", "甲", "1", 1}, {"P2", "乙", "1", 2}})
			p := previewed(t, s, "post", fileOf([]post{{"P1", "丁", "1", 1}, {"P3", "丁", "1", 1}}),
				merge.Options{Settings: settings.Settings{Mode: said(string(c.mode))}})
			c.change(t, s, conn)
			before := fixed(t, conn, "city.post") + pgtest.Value(t, conn, batches)
			for range 2 {
				if _, err := s.Apply(context.Background(), p.ID, "chief"); !errors.Is(err, geo.ErrConflict) ||
					!strings.Contains(err.Error(), c.says) || !strings.Contains(err.Error(), "again") {
					t.Errorf("got %v", err)
				}
			}
			if after := fixed(t, conn, "city.post") + pgtest.Value(t, conn, batches); after != before {
				t.Errorf("something was changed: %s, then %s", before, after)
			}
			if err := s.Discard(context.Background(), p.ID); err != nil {
				t.Error(err)
			}
			if got := pgtest.Value(t, conn, staged); got != "0" {
				t.Errorf("%s staging tables are left", got)
			}
		})
	}
}

// overtakingCase is something that happens between a preview and its application.
type overtakingCase struct {
	name   string
	mode   merge.Mode
	change func(t *testing.T, s *bureau, conn *pgx.Conn)
	says   string
}

func overtaking() []overtakingCase {
	edit := func(statements ...string) func(*testing.T, *bureau, *pgx.Conn) {
		return func(t *testing.T, _ *bureau, conn *pgx.Conn) { pgtest.Exec(t, conn, statements...) }
	}
	lost := func(how string) func(*testing.T, *bureau, *pgx.Conn) {
		return func(t *testing.T, _ *bureau, conn *pgx.Conn) {
			pgtest.Exec(t, conn, how+" staging."+pgtest.Value(t, conn,
				"select relname from pg_class where relnamespace = 'staging'::regnamespace and relname !~ 'aside' "+
					"and relkind = 'r'"))
		}
	}
	return []overtakingCase{
		{"an edit of a row of the file", merge.Merge, edit("update city.post set name = '改' where code = 'P1'"),
			"row P1 (updated by "},
		{"a row of the file taken out", merge.Merge, edit("delete from city.post where code = 'P1'"),
			"row P1 (deleted by "},
		{"a new row of the file inserted by somebody", merge.Merge,
			edit("insert into city.post (code, geom) values ('P3', 'SRID=4326;POINT(112.3 33)')"),
			"row P3 (inserted by "},
		{"a row that gets a key of the file", merge.Merge, edit("update city.post set code = 'P3' where code = 'P2'"),
			"row P3"},
		{"a row of which the key was one of the file", merge.Merge,
			edit("update city.post set code = 'P7' where code = 'P1'"), "row P1"},
		{"the layer emptied", merge.Merge, edit("truncate city.post"), "row P1 (emptied by "},
		{"a row emptied and put back otherwise", merge.Merge,
			edit("truncate city.post", "insert into city.post (code, geom) values ('P1', 'SRID=4326;POINT(112.9 33)')"),
			"2 of the rows"},
		{"another import of a row of the file", merge.Merge, func(t *testing.T, s *bureau, _ *pgx.Conn) {
			if _, err := bring(t, s, "post", fileOf([]post{{"P3", "丙", "1", 9}})); err != nil {
				t.Fatal(err)
			}
		}, "row P3 (inserted by "},
		{"a former row that the journal no longer has", merge.Merge,
			edit("update city.post set name = '改' where code = 'P2'", "delete from journal.before"), "changed since"},
		{"a row that replacing would take out edited", merge.Replace,
			edit("update city.post set name = '改' where code = 'P2'"), "row P2"},
		{"a row that replacing would take out gone", merge.Replace, edit("delete from city.post where code = 'P2'"),
			"row P2"},
		{"a row added that replacing would take out unseen", merge.Replace,
			edit("insert into city.post (code, geom) values ('P8', 'SRID=4326;POINT(112.3 33)')"), "row P8"},
		{"a row for which the file's was refused taken out", merge.Append,
			edit("delete from city.post where code = 'P1'"), "row P1"},
		{"a column more", merge.Merge, edit("alter table city.post add column more text",
			"select catalog.publish('city.post', key_column => 'code')"), "fields"},
		{"a rule more", merge.Merge, edit("alter table city.post add check (height < 100)"), "rules"},
		{"a list of values", merge.Merge,
			edit(`select catalog.categories('post', 'name', '[{"value": "甲", "zh": "甲", "en": "A"}, {"value": "乙", "zh": "乙", "en": "B"}]')`), "rules"},
		{"a distance that points keep", merge.Merge, edit("update catalog.layer set spacing_m = 3 where name = 'post'"),
			"rules"},
		{"another table of the name", merge.Merge, edit("create table city.other (like city.post including all)",
			"drop table city.post", "alter table city.other rename to post",
			"delete from catalog.layer where name = 'post'",
			"select catalog.publish('city.post', key_column => 'code')"), "rules"},
		{"the city moved", merge.Merge, edit("update catalog.city set west = west - 1"), "rules"},
		{"the staged rows lost", merge.Merge, lost("truncate"), "lost"},
		{"the staging table lost", merge.Merge, lost("drop table"), "lost"},
	}
}

func TestEditsOfOtherRowsDoNotStandInTheWay(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ name, edit string }{
		{"an edit", "update city.post set name = '改' where code = 'P2'"},
		{"a row taken out", "delete from city.post where code = 'P2'"},
		{"a row more", "insert into city.post (code, geom) values ('P8', 'SRID=4326;POINT(112.3 33)')"},
		{"a row of the file that came and went",
			"insert into city.post (code, geom) values ('P3', 'SRID=4326;POINT(112.3 33)'); delete from city.post " +
				"where code = 'P3'"},
		{"the layer published again", "select catalog.publish('city.post', key_column => 'code')"},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			s, conn := postLayer(t, true)
			putPosts(t, conn, []post{{"P1", "甲", "1", 1}, {"P2", "乙", "1", 2}})
			p := previewed(t, s, "post", fileOf([]post{{"P1", "丁", "1", 1}, {"P3", "丁", "1", 1}}), merge.Options{})
			pgtest.Exec(t, conn, c.edit)
			if got := counts(applied(t, s, p.ID)); got != "read 2, inserted 1, updated 1, unchanged 0" {
				t.Error(got)
			}
		})
	}
}

func TestWhatIsNearByStandsInTheWay(t *testing.T) {
	t.Parallel()
	at := func(metres float64) string { // east of where the file's new point is
		return fmt.Sprintf("st_setsrid(st_point(%.8f, 33), 4326)", 112.3+metres/93_500)
	}
	for _, c := range []struct {
		name, edit string
		met        bool
	}{
		{"a point added in the place of a new one", "insert into city.post (code, geom) values ('P8', " + at(0.2) + ")",
			true},
		{"a point added further away", "insert into city.post (code, geom) values ('P8', " + at(3) + ")", false},
		{"a point moved to the place of a new one", "update city.post set geom = " + at(0.2) + " where code = 'P2'",
			true},
		{"a point moved elsewhere", "update city.post set geom = " + at(90) + " where code = 'P2'", false},
		{"the point taken out in whose place a rejected one is", "delete from city.post where code = 'P4'", true},
		{"the point moved away in whose place a rejected one is", "update city.post set geom = " + at(700) +
			" where code = 'P4'", true},
		{"a row inserted with the key of a rejected one", "insert into city.post (code, geom) values ('N2', " +
			at(900) + ")", true},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			s, conn := postLayer(t, true)
			pgtest.Exec(t, conn, "update catalog.layer set spacing_m = 0.5 where name = 'post'",
				"insert into city.post (code, geom) values ('P2', "+at(50)+"), ('P4', "+at(600.2)+")")
			file := func(code string, metres float64) string {
				return fmt.Sprintf(
					`{"type":"Feature","properties":{"code":"%s"},"geometry":{"type":"Point","coordinates":[%.8f,33]}}`,
					code, 112.3+metres/93_500)
			}
			p := previewed(t, s, "post", collected(file("N1", 0), file("N2", 600)), merge.Options{})
			if got := counts(p.Report); got != "read 2, inserted 1, updated 0, unchanged 0, near_duplicate 1" {
				t.Fatalf("the preview says %s", got)
			}
			pgtest.Exec(t, conn, c.edit)
			_, err := s.Apply(context.Background(), p.ID, "chief")
			if c.met != errors.Is(err, geo.ErrConflict) || !c.met && err != nil {
				t.Errorf("got %v, want a conflict: %v", err, c.met)
			}
		})
	}
}

func TestAnEditOfARowThatWasNotStagedStandsInTheWay(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		code string
		met  bool
	}{{"M000100", true}, {"M006500", false}} {
		t.Run(c.code, func(t *testing.T) {
			t.Parallel()
			s, conn := open(t)
			if _, err := bring(t, s, "station", many(7000)); err != nil {
				t.Fatal(err)
			}
			p := previewed(t, s, "station", many(6000), merge.Options{})
			if got := counts(p.Report); got != "read 6000, inserted 0, updated 0, unchanged 6000" {
				t.Fatalf("the preview says %s", got)
			}
			pgtest.Exec(t, conn, "update city.station set name = '改' where code = '"+c.code+"'")
			_, err := s.Apply(context.Background(), p.ID, "chief")
			if c.met != errors.Is(err, geo.ErrConflict) || !c.met && err != nil {
				t.Errorf("got %v, want a conflict: %v", err, c.met)
			}
		})
	}
}

func TestAConflictNamesNobodyOfAPersonalLayer(t *testing.T) {
	t.Parallel()
	s, conn := open(t)
	pgtest.Exec(t, conn,
		"insert into personal.member (code, trade, geom) values ('"+canary+"1', 'sanitation', "+
			"'SRID=4326;POINT(112.57 33.07)')")
	p := previewed(t, s, "member",
		collected(
			`{"type":"Feature","properties":{"code":"`+canary+`1","trade":"volunteer"},"geometry":{"type":"Point","coordinates":[112.57,33.07]}}`), merge.Options{})
	pgtest.Exec(t, conn, "update personal.member set trade = 'municipal'")
	_, err := s.Apply(context.Background(), p.ID, "chief")
	var overtaken *merge.Overtaken
	if !errors.As(err, &overtaken) || overtaken.Total != 1 || overtaken.Rows[0].Key != "" {
		t.Fatalf("got %v", err)
	}
	for _, text := range []string{err.Error(), lang.BothOf(overtaken).ZH} {
		if strings.Contains(text, canary) {
			t.Errorf("it tells %s", text)
		}
	}
}

func TestChangesOfOtherLayersDoNotStandInTheWay(t *testing.T) {
	t.Parallel()
	s, conn := postLayer(t, true)
	p := previewed(t, s, "post", fileOf([]post{{"P1", "丁", "1", 1}}), merge.Options{})
	pgtest.Exec(t, conn, stationAtCentre)
	if got := counts(applied(t, s, p.ID)); got != "read 1, inserted 1, updated 0, unchanged 0" {
		t.Error(got)
	}
}

func TestAPreviewIsAppliedOnceAndDiscardedForGood(t *testing.T) {
	t.Parallel()
	ctx := context.Background()
	s, conn := postLayer(t, true)
	file := fileOf([]post{{"P1", "甲", "1", 1}})
	p := previewed(t, s, "post", file, merge.Options{})
	applied(t, s, p.ID)
	if _, err := s.Apply(ctx, p.ID, "chief"); !errors.Is(err, geo.ErrConflict) ||
		!strings.Contains(err.Error(), "applied") {
		t.Errorf("applied twice: %v", err)
	}
	if err := s.Discard(ctx, p.ID); !errors.Is(err, geo.ErrConflict) || !strings.Contains(err.Error(), "undo") {
		t.Errorf("discarded when applied: %v", err)
	}
	p = previewed(t, s, "post", file, merge.Options{})
	for range 2 { // the second does no harm
		if err := s.Discard(ctx, p.ID); err != nil {
			t.Error(err)
		}
	}
	if _, err := s.Apply(ctx, p.ID, "chief"); !errors.Is(err, geo.ErrConflict) ||
		!strings.Contains(err.Error(), "discarded") {
		t.Errorf("applied when discarded: %v", err)
	}
	for _, err := range []error{s.Discard(ctx, 4711), func() error { _, err := s.Apply(ctx, 4711, ""); return err }(),
		func() error { _, err := s.ReadPreview(ctx, 4711); return err }()} {
		if !errors.Is(err, geo.ErrNotFound) {
			t.Errorf("one that is not there: %v", err)
		}
	}
	if got := pgtest.Value(t, conn, staged); got != "0" {
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
			ids := []int64{previewed(t, s, "post", fileOf([]post{{"P1", "甲", "1", 1}}), merge.Options{}).ID}
			if c.another {
				ids = append(ids, previewed(t, s, "post", fileOf([]post{{"P1", "乙", "1", 1}}), merge.Options{}).ID)
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
			if got := pgtest.Value(t, conn, batches) + " " + pgtest.Value(t, conn, "select count(*) from city.post"); got != "1 1" {
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
	if _, err := s.Preview(ctx, id, "station", opened, merge.Options{}); !errors.Is(err, geo.ErrInvalid) {
		t.Errorf("got %v", err)
	}
	p, err := s.ReadPreview(ctx, id)
	if err != nil || p.State != merge.Failed || p.Failure.EN == "" || p.Report != nil {
		t.Errorf("the preview is %+v, %v", p, err)
	}
	if _, err := s.Apply(ctx, id, ""); !errors.Is(err, geo.ErrConflict) {
		t.Errorf("applied: %v", err)
	}
	if got := pgtest.Value(t, conn, staged); got != "0" {
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
	forgotten, waiting := previewed(t, s, "post", file, merge.Options{}).ID, previewed(t, s, "post", file,
		merge.Options{}).ID
	pgtest.Exec(t, conn,
		fmt.Sprintf("update journal.import set begun_at = begun_at - interval '1 hour' where id in (%d, %d)",
			interrupted, waiting),
		fmt.Sprintf("update journal.import set changed_at = changed_at - interval '8 days' where id = %d", forgotten))
	if a, b, err := s.CleanPreviews(ctx); a != 1 || b != 1 || err != nil {
		t.Errorf("cleaned %d interrupted, %d forgotten, %v", a, b, err)
	}
	if a, b, err := s.CleanPreviews(ctx); a != 0 || b != 0 || err != nil {
		t.Errorf("then %d interrupted, %d forgotten, %v", a, b, err)
	}
	for id, want := range map[int64]merge.State{interrupted: merge.Failed, starting: merge.Reading,
		forgotten: merge.Discarded, waiting: merge.Previewed} {
		if p, err := s.ReadPreview(ctx, id); err != nil || p.State != want {
			t.Errorf("%d is %+v, %v; want %s", id, p, err, want)
		}
	}
	if got := pgtest.Value(t, conn, staged); got != "1" {
		t.Errorf("%s staging tables are left", got)
	}
	applied(t, s, waiting)
}

func TestThePreviewOfAKilledServerIsAppliedAsItWas(t *testing.T) {
	t.Parallel()
	ctx := context.Background()
	server := pgtest.Server(t)
	l, err := ledger.Open(ctx, pg.Logins{Owner: server.Ledger(t)})
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	s := &bureau{l, merge.New(l)}
	p := previewed(t, s, "station", collected(seat("S1", "站", "")), merge.Options{})
	server.Kill(t)
	if _, err := s.Apply(ctx, p.ID, ""); err == nil {
		t.Error("applied without a server")
	}
	server.Restart(t)
	report, err := s.Apply(ctx, p.ID, "")
	for range 5 { // connections of the old server
		if err == nil {
			break
		}
		report, err = s.Apply(ctx, p.ID, "")
	}
	if err != nil {
		t.Fatal(err)
	}
	if got := counts(report); got != "read 1, inserted 1, updated 0, unchanged 0" {
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
		feature(`"code":"`+canary+`4","trade":"volunteer","joined_on":"2021-02-30 `+canary+`"`,
			"112.5731973,33.0731973"),
		feature(`"code":"`+canary+`5","trade":"volunteer","姓名":"`+canary+`","grid_code":"`+canary+`"`,
			"112.5731973,33.0731973"),
		feature(`"code":"`+canary+`6","trade":"volunteer"`, "2.5731973,3.0731973"),
		feature(`"code":"`+canary+`7","trade":"volunteer"`, `"`+canary+`",33.0731973`),
		feature(`"code":"`+canary+`8","trade":null`, "112.5731973,33.0731973"),
		feature(`"code":"`+canary+`9","trade":"\u0000`+canary+`"`, "112.5731973,33.0731973"),
		feature(`"code":"`+canary+`10","trade":"volunteer","trade":"`+canary+`"`, "112.5731973,33.0731973"))
	s, conn := open(t)
	pgtest.Exec(t, conn,
		"insert into personal.member (code, trade, geom) values ('"+canary+"1', 'sanitation', "+
			"'SRID=4326;POINT(112.5731974 33.0731974)')",
		"insert into personal.member (code, trade, geom) values ('"+canary+"99', 'sanitation', "+
			"'SRID=4326;POINT(112.5731974 33.0731974)')")
	for _, mode := range []merge.Mode{merge.Merge, merge.Append, merge.Replace} {
		var told strings.Builder
		tell := func(r *importer.Report, err error) {
			fmt.Fprintln(&told, err)
			if r == nil {
				return
			}
			text, jsonErr := json.Marshal(r)
			fmt.Fprintln(&told, string(text), jsonErr, r.Text("zh"), r.Text("en"))
		}
		tell(bringSo(ctx, t, s, "member", file, merge.Options{Settings: settings.Settings{Mode: said(string(mode))},
			DryRun: true}))
		p := previewed(t, s, "member", file, merge.Options{Settings: settings.Settings{Mode: said(string(mode))}})
		tell(p.Report, nil)
		told.WriteString(pgtest.Value(t, conn,
			"select string_agg(concat_ws(' ', preview, failure, source), ' ') from journal.import"))
		tell(s.Apply(ctx, p.ID, "chief"))
		tell(bringSo(ctx, t, s, "member", file,
			merge.Options{Settings: settings.Settings{Mode: said(string(mode)), Strict: new(true)}}))
		tell(bringSo(ctx, t, s, "member", file, merge.Options{Settings: settings.Settings{Mode: said(string(mode))}}))
		told.WriteString(pgtest.Value(t, conn, "select string_agg(b::text, ' ') from journal.batch b"))
		for _, word := range []string{canary, "731973", "731974"} {
			if at := strings.Index(told.String(), word); at >= 0 {
				t.Errorf("%s tells %q: …%s…", mode, word, told.String()[max(0, at-200):min(told.Len(), at+60)])
			}
		}
	}
}
