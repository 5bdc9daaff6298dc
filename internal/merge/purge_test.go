package merge_test

import (
	"errors"
	"fmt"
	"strings"
	"testing"

	"github.com/jackc/pgx/v5"

	"yizhan/geo"
	"yizhan/internal/ledger"
	"yizhan/internal/merge"
	"yizhan/internal/pgtest"
)

// remains says where in the ledger's schemas a text is still to be found, beside the
// table of a layer.
func remains(t *testing.T, conn *pgx.Conn, text string) string {
	t.Helper()
	return pgtest.Value(t, conn, fmt.Sprintf(`select concat_ws(' ',
		(select 'former rows' from journal.before b where b.image::text like '%%%[1]s%%' limit 1),
		(select 'reports' from journal.import i where i::text like '%%%[1]s%%' limit 1),
		(select 'staging' from pg_class where relnamespace = 'staging'::regnamespace and query_to_xml('select * from staging.' || quote_ident(relname), true, false, '')::text like '%%%[1]s%%' limit 1),
		(select 'purges' from journal.purged p where p::text like '%%%[1]s%%' limit 1),
		(select 'entries' from journal.entry e where e::text like '%%%[1]s%%' limit 1))`, text))
}

// gone imports two stations, of which the first holds a secret, and takes it out again.
func gone(t *testing.T, s *bureau, conn *pgx.Conn) (first, edit int64) {
	t.Helper()
	first = imported(t, s, "station", collected(seat("S1", canary, `,"remark":"`+canary+`"`),
		seat("S2", "建设路", `,"remark":"饮水"`)), "read 2, inserted 2, updated 0, unchanged 0").Batch
	edit = imported(t, s, "station", collected(seat("S1", "人民路", `,"remark":"无"`), seat("S2", "建设中路", `,"remark":"无"`)),
		"read 2, inserted 0, updated 2, unchanged 0").Batch
	if got := remains(t, conn, canary); got != "former rows" {
		t.Fatalf("before the purge it is in %s", got)
	}
	return first, edit
}

func TestAPurgeOfAKeyLeavesTheOtherRowsAndSaysSoWhenAnUndoMeetsIt(t *testing.T) {
	t.Parallel()
	s, conn := open(t)
	_, edit := gone(t, s, conn)
	purged, err := s.Purge(t.Context(), ledger.PurgeOptions{Layer: "station", Key: "S1", Actor: "data protection"})
	if err != nil {
		t.Fatal(err)
	}
	if purged.FormerRows != 1 || purged.Left != 1 {
		t.Errorf("purged %+v", purged)
	}
	if got := remains(t, conn, canary); got != "" {
		t.Errorf("after the purge it is in %s", got)
	}
	if got := pgtest.Value(t, conn, "select concat_ws(' ', actor, layer, scope, former_rows) from journal.purged"); got != "data protection station key 1" {
		t.Errorf("the ledger of purges has %s", got)
	}
	if got := former(t, conn, "station", pgtest.Value(t, conn,
		"select max(at)::text from journal.entry where op = 'insert'")); !strings.Contains(got, "建设路") ||
		strings.Contains(got, canary) {
		t.Errorf("the past is %s", got)
	}
	before := fixed(t, conn, "city.station")
	_, err = s.Undo(t.Context(), merge.UndoOptions{Batch: edit})
	if !errors.Is(err, geo.ErrConflict) || !strings.Contains(err.Error(), "whole rows: 1;") ||
		!strings.Contains(err.Error(), "data protection") || !strings.Contains(err.Error(), "--without-purged") {
		t.Errorf("the undo says %v", err)
	}
	if after := fixed(t, conn, "city.station"); after != before {
		t.Error("the undo that was refused wrote something")
	}
	undone, err := s.Undo(t.Context(), merge.UndoOptions{Batch: edit, WithoutPurged: true})
	if err != nil {
		t.Fatal(err)
	}
	if got := pgtest.Value(t, conn, "select string_agg(code || name, ' ' order by code) from city.station"); got != "S1人民路 S2建设路" || undone.Purged != 1 || undone.Restored != 1 {
		t.Errorf("undone %+v: %s", undone, got)
	}
}

func TestAPurgeOfAColumnKeepsTheRestOfTheFormerRows(t *testing.T) {
	t.Parallel()
	s, conn := open(t)
	_, edit := gone(t, s, conn)
	if _, err := s.Purge(t.Context(), ledger.PurgeOptions{Layer: "station", Column: "remark"}); err != nil {
		t.Fatal(err)
	}
	if got := pgtest.Value(t, conn, "select count(*) from journal.before where image ? 'remark' or not image ? 'name'"); got != "0" {
		t.Errorf("%s former rows have the column, or lack others", got)
	}
	if _, err := s.Undo(t.Context(), merge.UndoOptions{Batch: edit}); !errors.Is(err, geo.ErrConflict) ||
		!strings.Contains(err.Error(), "rows without a column: 2") {
		t.Errorf("the undo says %v", err)
	}
	if _, err := s.Undo(t.Context(), merge.UndoOptions{Batch: edit, WithoutPurged: true}); err != nil {
		t.Fatal(err)
	}
	if got := pgtest.Value(t, conn,
		"select string_agg(name || remark, ' ' order by code) from city.station where code = 'S2'"); got != "建设路无" {
		t.Errorf("undone without the column, the row is %s", got)
	}
}

func TestAPurgeOfALayerReachesPreviewsAndReportsAndLeavesLaterBatchesToUndo(t *testing.T) {
	t.Parallel()
	s, conn := open(t)
	first, _ := gone(t, s, conn)
	waiting := previewed(t, s, "station", collected(seat("S3", canary, "")), merge.Options{})
	done := previewed(t, s, "station", collected(seat("S1", canary+"1", "")), merge.Options{})
	applied(t, s, done.ID)
	pgtest.Exec(t, conn, "update city.station set name = '人民路' where code = 'S1'")
	if got := remains(t, conn, canary); got != "former rows reports staging" {
		t.Fatalf("before the purge it is in %s", got)
	}
	purged, err := s.Purge(t.Context(), ledger.PurgeOptions{Layer: "station"})
	if err != nil || purged.Previews != 1 || purged.Reports != 2 {
		t.Errorf("purged %+v, %v", purged, err)
	}
	if got := remains(t, conn, canary); got != "" {
		t.Errorf("after the purge it is in %s", got)
	}
	if p, err := s.ReadPreview(t.Context(), waiting.ID); err != nil || p.State != merge.Discarded {
		t.Errorf("the waiting preview is %+v, %v", p, err)
	}
	later := imported(t, s, "station", collected(seat("S2", "南站", "")),
		"read 1, inserted 0, updated 1, unchanged 0").Batch
	if _, err := s.Undo(t.Context(), merge.UndoOptions{Batch: later}); err != nil {
		t.Errorf("a later batch: %v", err)
	}
	if _, err := s.Undo(t.Context(), merge.UndoOptions{Batch: first, Force: true}); err != nil {
		t.Errorf("a batch that only added rows: %v", err)
	}
}

func TestAPurgeNamesWhatItDoesNotFind(t *testing.T) {
	t.Parallel()
	s, conn := open(t)
	gone(t, s, conn)
	pgtest.Exec(t, conn, "select catalog.withdraw('station')")
	if purged, err := s.Purge(t.Context(), ledger.PurgeOptions{Layer: "station"}); err != nil ||
		purged.FormerRows != 2 {
		t.Errorf("of a layer that was withdrawn: %+v, %v", purged, err)
	}
	for _, c := range []struct {
		o    ledger.PurgeOptions
		kind error
	}{
		{ledger.PurgeOptions{Layer: "statin"}, geo.ErrNotFound},
		{ledger.PurgeOptions{Layer: "road", Key: "R", Column: "name"}, geo.ErrInvalid},
		{ledger.PurgeOptions{Layer: "road", Expired: true}, geo.ErrInvalid},
	} {
		if _, err := s.Purge(t.Context(), c.o); !errors.Is(err, c.kind) {
			t.Errorf("%+v: %v", c.o, err)
		}
	}
}

// member is a person of the file, kept until a day.
func member(code, until string) string {
	return feature(`"code":"` + code + `","trade":"volunteer","expires_at":"` + until + `"`)
}

func TestPersonsWhoseTimeIsOverAreDeletedWithTheirFormerRows(t *testing.T) {
	t.Parallel()
	s, conn := open(t)
	today := pgtest.Value(t, conn, "select current_date::text")
	first := imported(t, s, "member", collected(member(canary+"1", "2020-01-01"), member("M2", today),
		member("M3", "2099-01-01"), feature(`"code":"M4","trade":"volunteer"`)),
		"read 4, inserted 4, updated 0, unchanged 0").Batch
	pgtest.Exec(t, conn, "update personal.member set grid_code = 'G' where code <> 'M4'",
		"update city.station set name = name")
	expired, err := s.Expire(t.Context(), "expiry")
	if err != nil {
		t.Fatal(err)
	}
	if got := fmt.Sprint(expired); got != "[{member 1 2}]" {
		t.Errorf("expired %s", got)
	}
	if got := pgtest.Value(t, conn, "select string_agg(code, ' ' order by code) from personal.member"); got != "M2 M3 M4" {
		t.Errorf("left are %s", got)
	}
	if got := remains(t, conn, canary); got != "" {
		t.Errorf("the ledger still has it in %s", got)
	}
	if got := pgtest.Value(t, conn, "select count(*) from journal.before where image <> '{}'"); got != "2" {
		t.Errorf("%s former rows of the others are left, want 2", got)
	}
	for range 2 { // nothing is left to do
		if expired, err := s.Expire(t.Context(), "expiry"); err != nil || len(expired) != 0 {
			t.Errorf("again: %v, %v", expired, err)
		}
	}
	if got := pgtest.Value(t, conn,
		"select string_agg(concat_ws(' ', actor, layer, scope, former_rows), ';') from "+
			"journal.purged"); got != "expiry member expired 2" {
		t.Errorf("the ledger of purges has %s", got)
	}
	pgtest.Exec(t, conn, "delete from journal.entry where op = 'update'") // so that only what expired stands between
	if _, err := s.Undo(t.Context(), merge.UndoOptions{Batch: first}); err != nil {
		t.Errorf("undoing the import of all: %v", err)
	}
	if got := pgtest.Value(t, conn, "select count(*) from personal.member"); got != "0" {
		t.Errorf("%s are left after the undo", got)
	}
}

func TestADeletedPersonWhoseTimeIsOverIsPurgedToo(t *testing.T) {
	t.Parallel()
	s, conn := open(t)
	imported(t, s, "member", collected(member(canary+"1", "2020-01-01"), member("M2", "2099-01-01")),
		"read 2, inserted 2, updated 0, unchanged 0")
	pgtest.Exec(t, conn, "delete from personal.member")
	if purged, err := s.Purge(t.Context(), ledger.PurgeOptions{Layer: "member", Expired: true}); err != nil ||
		purged.FormerRows != 1 {
		t.Errorf("purged %+v, %v", purged, err)
	}
	if got := remains(t, conn, canary) + pgtest.Value(t, conn,
		"select image ->> 'code' from journal.before where image <> '{}'"); got != "M2" {
		t.Errorf("left is %s", got)
	}
}

func TestOnlyPersonsExpire(t *testing.T) {
	t.Parallel()
	s, conn := open(t)
	pgtest.Exec(t, conn,
		"create table city.permit (gid bigint generated always as identity primary key, expires_at date, geom "+
			"geometry(Point, 4326))",
		"select catalog.publish('city.permit')",
		"insert into city.permit (expires_at, geom) values ('2020-01-01', 'SRID=4326;POINT(112.5 33)')")
	if expired, err := s.Expire(t.Context(), ""); err != nil || len(expired) != 0 {
		t.Errorf("expired %v, %v", expired, err)
	}
	if got := pgtest.Value(t, conn, "select count(*) from city.permit"); got != "1" {
		t.Error("a permit was deleted")
	}
}
