package merge_test

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"testing"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"

	"yizhan/geo"
	"yizhan/internal/merge"
	"yizhan/internal/pgtest"
)

// forbidden runs a statement that must be refused, and returns why and what to do.
func forbidden(t *testing.T, conn *pgx.Conn, statement string) string {
	t.Helper()
	_, err := conn.Exec(context.Background(), statement)
	var answer *pgconn.PgError
	if !errors.As(err, &answer) {
		t.Fatalf("%s was not refused: %v", statement, err)
	}
	return answer.Message + "; " + answer.Hint
}

// granted says what the public role may read: whether it may enter the schema, and
// the table's columns that it may select.
func granted(t *testing.T, conn *pgx.Conn, table string) string {
	t.Helper()
	schema, _, _ := strings.Cut(table, ".")
	return pgtest.Value(t, conn, fmt.Sprintf(`select case when has_schema_privilege('yizhan_public', '%s', 'usage') then 'schema ' else '' end ||
		coalesce(string_agg(attname, ' ' order by attnum), '')
		from pg_attribute where attrelid = '%[2]s'::regclass and attnum > 0 and not attisdropped
			and has_column_privilege('yizhan_public', '%[2]s', attname, 'select')`, schema, table))
}

// shelter makes a schema and a table of the test's own in it.
const shelter = `create schema welfare; create table welfare.shelter (gid bigint generated always as identity primary key,
	code text, note text, geom geometry(Point, 4326) not null)`

func TestPublishingPersonsAgainWithoutTheirPrivacyKeepsThemPersonal(t *testing.T) {
	t.Parallel()
	_, conn := open(t)
	pgtest.Exec(t, conn, "select catalog.publish('personal.member')")
	if got := pgtest.Value(t, conn,
		"select name || privacy || key_column || position from catalog.layer where relation = "+
			"'personal.member'::regclass"); got != "memberpersonalcode95" {
		t.Errorf("the layer is %s", got)
	}
	if got := granted(t, conn, "personal.member"); got != "" {
		t.Errorf("the public role may read %s", got)
	}
}

func TestPersonsAreNeverPublic(t *testing.T) {
	t.Parallel()
	_, conn := open(t)
	for _, statement := range []string{
		"select catalog.publish('personal.member', privacy => 'public')",
		"select catalog.publish('personal.member', layer => 'station')",
		"update catalog.layer set privacy = 'public' where name = 'member'",
		"update catalog.layer set relation = 'personal.secret' where name = 'station'",
	} {
		pgtest.Exec(t, conn,
			"create table if not exists personal.secret (gid bigint primary key, geom geometry(Point, 4326))")
		if why := forbidden(t, conn, statement); !strings.Contains(why, "schema personal") &&
			!strings.Contains(why, "personal and cannot") {
			t.Errorf("%s: %s", statement, why)
		}
	}
	pgtest.Exec(t, conn, "select catalog.withdraw('member')", "select catalog.publish('personal.member')")
	if got := pgtest.Value(t, conn, "select privacy from catalog.layer where name = 'member'"); got != "personal" {
		t.Errorf("published again, the layer is %s", got)
	}
}

func TestPublishingAgainKeepsWhatIsNotSaid(t *testing.T) {
	t.Parallel()
	_, conn := open(t)
	described := "select to_jsonb(l) - 'published_at' from catalog.layer l where name = 'station'"
	before := pgtest.Value(t, conn, described)
	pgtest.Exec(t, conn, "select catalog.publish('city.station')")
	if after := pgtest.Value(t, conn, described); after != before {
		t.Errorf("got\n%s, want\n%s", after, before)
	}
	pgtest.Exec(t, conn, "select catalog.publish('city.station', facet => '', max_zoom => 17)")
	if got := pgtest.Value(t, conn,
		"select concat_ws(' ', facet, max_zoom, point_zoom, title_zh) from catalog.layer where name = "+
			"'station'"); got != "17 9 城管驿站" {
		t.Errorf("with facet '' the layer has %s", got)
	}
}

func TestALayerMadePersonalIsTakenFromThePublicRole(t *testing.T) {
	t.Parallel()
	_, conn := open(t)
	pgtest.Exec(t, conn, shelter, "select catalog.publish('welfare.shelter')",
		"grant select on welfare.shelter to public", "grant select (note) on welfare.shelter to yizhan_public")
	if got := granted(t, conn, "welfare.shelter"); got != "schema gid code note geom" {
		t.Fatalf("a public layer grants %q", got)
	}
	pgtest.Exec(t, conn, "select catalog.publish('welfare.shelter', privacy => 'personal')")
	if got := granted(t, conn, "welfare.shelter"); got != "" {
		t.Errorf("made personal, it grants %q", got)
	}
	if why := forbidden(t, conn, "select catalog.publish('welfare.shelter', privacy => 'public')"); !strings.Contains(why, "catalog.withdraw('shelter')") {
		t.Errorf("made public again: %s", why)
	}
	pgtest.Exec(t, conn, "select catalog.withdraw('shelter')")
	if why := forbidden(t, conn, "select catalog.publish('welfare.shelter')"); !strings.Contains(why, "privacy => 'public'") {
		t.Errorf("published without a word on privacy: %s", why)
	}
	pgtest.Exec(t, conn, "select catalog.publish('welfare.shelter', privacy => 'public')")
	if got := granted(t, conn, "welfare.shelter"); got != "schema gid code note geom" {
		t.Errorf("published deliberately, it grants %q", got)
	}
}

func TestASchemaStaysOpenForThePublicLayersInIt(t *testing.T) {
	t.Parallel()
	_, conn := open(t)
	pgtest.Exec(t, conn, shelter, "create table welfare.kitchen (like welfare.shelter including all)",
		"select catalog.publish('welfare.shelter'), catalog.publish('welfare.kitchen')",
		"select catalog.publish('welfare.shelter', privacy => 'personal')",
		"create table city.bench (like welfare.shelter including all)", "select catalog.publish('city.bench')",
		"select catalog.publish('city.bench', privacy => 'personal')")
	if got := granted(t, conn, "welfare.kitchen"); got != "schema gid code note geom" {
		t.Errorf("the other layer grants %q", got)
	}
	if got := granted(t, conn, "city.bench") + "/" + granted(t, conn, "city.station"); !strings.HasPrefix(got, "schema /schema gid") {
		t.Errorf("schema city grants %q", got)
	}
}

func TestAWithdrawnLayerIsReadByNobody(t *testing.T) {
	t.Parallel()
	_, conn := open(t)
	pgtest.Exec(t, conn, shelter, "select catalog.publish('welfare.shelter')",
		"delete from catalog.layer where name = 'shelter'")
	if got := granted(t, conn, "welfare.shelter"); got != "" {
		t.Errorf("withdrawn, it grants %q", got)
	}
}

func TestATableOfTheCityIsReadByNobodyUntilItIsPublished(t *testing.T) {
	t.Parallel()
	_, conn := open(t)
	pgtest.Exec(t, conn, "create table city.draft (gid bigint primary key, phone text)",
		"create view city.people as select * from personal.member")
	for _, name := range []string{"city.draft", "city.people"} {
		if got := granted(t, conn, name); got != "schema " {
			t.Errorf("%s grants %q", name, got)
		}
	}
	if got := pgtest.Value(t, conn, "select has_table_privilege('yizhan_public', 'city.target', 'select')"); got != "true" {
		t.Error("the targets are public and were taken away")
	}
}

func TestColumnsKeptPrivateAreNotGrantedNorDrawn(t *testing.T) {
	t.Parallel()
	s, conn := open(t)
	pgtest.Exec(t, conn, shelter, "select catalog.publish('welfare.shelter', key_column => 'code')",
		"select catalog.keep_private('shelter', array['note'])")
	if got := granted(t, conn, "welfare.shelter"); got != "schema gid code geom" {
		t.Errorf("it grants %q", got)
	}
	pgtest.Exec(t, conn, "alter table welfare.shelter add column phone text",
		"select catalog.publish('welfare.shelter')")
	if got := granted(t, conn, "welfare.shelter"); got != "schema gid code geom phone" {
		t.Errorf("published again, it grants %q", got)
	}
	layer, err := s.Layer(t.Context(), "shelter")
	if err != nil {
		t.Fatal(err)
	}
	if f, err := layer.Field("note"); err != nil || f.Privacy != geo.Personal || f.MinZoom != nil {
		t.Errorf("the field is %+v, %v", f, err)
	}
	if why := forbidden(t, conn, "select catalog.show('shelter', '{note}', 10)"); !strings.Contains(why, "make_public") {
		t.Errorf("shown in tiles: %s", why)
	}
	if why := forbidden(t, conn, "select catalog.keep_private('shelter', array['code'])"); !strings.Contains(why, "key") {
		t.Errorf("the key kept private: %s", why)
	}
	pgtest.Exec(t, conn, "select catalog.make_public('shelter', array['note'])")
	if got := granted(t, conn, "welfare.shelter"); got != "schema gid code note geom phone" {
		t.Errorf("made public, it grants %q", got)
	}
}

// former reads the past of a layer as the public role is given it.
func former(t *testing.T, conn *pgx.Conn, layer, since string) string {
	t.Helper()
	return pgtest.Value(t, conn,
		fmt.Sprintf(
			"select coalesce(string_agg(coalesce(image - 'geom', '{}')::text, ' ' order by id), '') from "+
				"journal.past('%s', '%s')", layer, since))
}

func TestThePastDoesNotShowWhatIsNotPublicNow(t *testing.T) {
	t.Parallel()
	_, conn := open(t)
	pgtest.Exec(t, conn, shelter, "select catalog.publish('welfare.shelter', key_column => 'code')",
		"insert into welfare.shelter (code, note, geom) values ('A', '"+canary+"', 'SRID=4326;POINT(112.5 33)')")
	since := pgtest.Value(t, conn, "select clock_timestamp()::text")
	pgtest.Exec(t, conn, "update welfare.shelter set note = 'empty'")
	if got := former(t, conn, "shelter", since); !strings.Contains(got, canary) {
		t.Fatalf("the past is %s", got)
	}
	pgtest.Exec(t, conn, "select catalog.keep_private('shelter', array['note'])")
	hidden := func(when string) {
		t.Helper()
		if got := former(t, conn, "shelter", since); strings.Contains(got, canary) {
			t.Errorf("%s, the past is %s", when, got)
		}
	}
	hidden("kept private")
	pgtest.Exec(t, conn, "select catalog.make_public('shelter', array['note']), catalog.show('shelter', '{note}', 10)")
	hidden("made public again")
	pgtest.Exec(t, conn, "alter table welfare.shelter drop column note", "select catalog.publish('welfare.shelter')",
		"alter table welfare.shelter add column note text", "select catalog.publish('welfare.shelter')")
	hidden("dropped and made again")
	pgtest.Exec(t, conn, "select catalog.publish('welfare.shelter', privacy => 'personal')")
	if got := former(t, conn, "shelter", since) + pgtest.Value(t, conn,
		"select coalesce(journal.begins('shelter')::text, '')"); got != "" {
		t.Errorf("of a personal layer the past is %s", got)
	}
	pgtest.Exec(t, conn, "select catalog.withdraw('shelter')",
		"select catalog.publish('welfare.shelter', privacy => 'public')")
	if got := former(t, conn, "shelter", since); got != "" {
		t.Errorf("of the time before it was public the past is %s", got)
	}
	if got := pgtest.Value(t, conn, "select journal.begins('shelter') > '"+since+"'"); got != "true" {
		t.Error("its past begins before it was public")
	}
}

func TestAnImportThatWasUndoneIsInNoPast(t *testing.T) {
	t.Parallel()
	s, conn := open(t)
	imported(t, s, "station", collected(seat("S1", "人民路", ""), seat("S2", "建设路", "")),
		"read 2, inserted 2, updated 0, unchanged 0")
	before := pgtest.Value(t, conn, "select clock_timestamp()::text")
	mistake := imported(t, s, "station", collected(seat("S1", canary, ""), seat("S3", canary, ""),
		seat("S4", canary, "")), "read 3, inserted 2, updated 1, unchanged 0")
	meanwhile := pgtest.Value(t, conn, "select clock_timestamp()::text")
	pgtest.Exec(t, conn, "update city.station set name = name || '!' where code in ('S1', 'S2')",
		"delete from city.station where code = 'S4'")
	edited := pgtest.Value(t, conn, "select clock_timestamp()::text")
	undone, err := s.Undo(t.Context(), merge.UndoOptions{Batch: mistake.Batch, Force: true})
	if err != nil {
		t.Fatal(err)
	}
	pgtest.Exec(t, conn, "update city.station set name = '后来' where code = 'S1'")
	for _, when := range []string{before, meanwhile, edited} {
		if got := former(t, conn, "station", when); strings.Contains(got, canary) {
			t.Errorf("the past at %s is %s", when, got)
		}
	}
	if got := former(t, conn, "station", meanwhile); !strings.Contains(got, "人民路") || !strings.Contains(got, "建设路") ||
		strings.Contains(got, "S3") {
		t.Errorf("the past while the import stood is %s", got)
	}
	if _, err := s.Undo(t.Context(), merge.UndoOptions{Batch: undone.Batch, Force: true}); err != nil {
		t.Fatal(err)
	}
	if got := former(t, conn, "station", meanwhile); got == "" {
		t.Error("an import that was brought back has no past")
	}
}
