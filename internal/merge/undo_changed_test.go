package merge_test

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"testing"

	"github.com/jackc/pgx/v5"

	"yizhan/geo"
	"yizhan/internal/lang"
	"yizhan/internal/merge"
	"yizhan/internal/pgtest"
)

// changes is a refusal's list in one line.
func changes(t *testing.T, err error) string {
	t.Helper()
	var since *merge.ChangedSince
	if !errors.As(err, &since) {
		t.Fatalf("got %v, want *ChangedSince", err)
	}
	list := []string{fmt.Sprint(since.Total)}
	for _, r := range since.Rows {
		list = append(list, fmt.Sprintf("%s %s by %s", r.Key, r.Op, r.Actor))
		if r.At.IsZero() || r.ID == 0 {
			t.Errorf("%+v lacks when or which", r)
		}
	}
	return strings.Join(list, "; ")
}

func TestUndoRefusesWhatSomebodyChangedSince(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ name, edit, want, forced string }{
		{"an edit", "update city.station set name = '改' where code = 'S2'", "1; S2 update by clerk", "S1旧 S2旧 S3旧"},
		{"an edit of a new row", "update city.station set name = '改' where code = 'S4'", "1; S4 update by clerk",
			"S1旧 S2旧 S3旧"},
		{"an edit of its key", "update city.station set code = 'Z' where code = 'S1'", "1; Z update by clerk",
			"S1旧 S2旧 S3旧"},
		{"a new row that was deleted stays gone", "delete from city.station where code = 'S4'", "1; S4 delete by clerk",
			"S1旧 S2旧 S3旧"},
		{"an old row that was deleted comes back", "delete from city.station where code = 'S1'",
			"1; S1 delete by clerk", "S1旧 S2旧 S3旧"},
		{"everything deleted", "truncate city.station",
			"3; S1 truncate by clerk; S2 truncate by clerk; S4 truncate by clerk", "S1旧 S2旧"},
		{"several edits", "update city.station set remark = code where code <> 'S3'",
			"3; S1 update by clerk; S2 update by clerk; S4 update by clerk", "S1旧 S2旧 S3旧"},
		{"rows that the batch did not touch", "update city.station set name = '改' where code = 'S3'", "",
			"S1旧 S2旧 S3改"},
		{"new rows", strings.Replace(stationAtCentre, "ST-001", "S9", 1), "", "S1旧 S2旧 S3旧 S9人民路驿站"},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			s, conn := open(t)
			surveyed(t, s, "station", seat("S1", "旧", ""), seat("S2", "旧", ""), seat("S3", "旧", ""))
			batch := surveyed(t, s, "station", seat("S1", "新", ""), seat("S2", "新", ""), seat("S3", "旧", ""),
				seat("S4", "新", ""))
			pgtest.Exec(t, conn, "set yizhan.actor = 'clerk'", c.edit)
			if c.want != "" {
				if got := changes(t, refused(t, s, conn, "city.station", batch, false, geo.ErrConflict)); got != c.want {
					t.Errorf("got  %s\nwant %s", got, c.want)
				}
			}
			edited := rowsOf(t, conn, "city.station")
			undone := undo(t, s, batch, c.want != "")
			if got := pgtest.Value(t, conn,
				"select string_agg(code || name, ' ' order by code) from city.station where remark is "+
					"null"); got != c.forced {
				t.Errorf("the layer has %s, want %s", got, c.forced)
			}
			undo(t, s, undone.Batch, false)
			if got := rowsOf(t, conn, "city.station"); got != edited {
				t.Errorf("undoing the undo gives\n%s\nand it was\n%s", got, edited)
			}
		})
	}
}

func TestALaterImportOfTheSameRowsIsAChange(t *testing.T) {
	t.Parallel()
	s, conn := open(t)
	first := surveyed(t, s, "station", seat("S1", "一", ""), seat("S2", "一", ""))
	second := surveyed(t, s, "station", seat("S2", "二", ""))
	err := refused(t, s, conn, "city.station", first, false, geo.ErrConflict)
	if got := changes(t, err); got != "1; S2 update by surveyor" {
		t.Errorf("got %s", got)
	}
	var since *merge.ChangedSince
	if errors.As(err, &since); since.Rows[0].Batch != second {
		t.Errorf("the change is by batch %d, want %d", since.Rows[0].Batch, second)
	}
	undo(t, s, second, false)
	undo(t, s, first, false)
	if got := pgtest.Value(t, conn, "select count(*) from city.station"); got != "0" {
		t.Errorf("%s rows are left", got)
	}
}

func TestTheListOfChangesEndsAndSaysHowManyThereAre(t *testing.T) {
	t.Parallel()
	s, conn := open(t)
	batch := batched(t, conn, "station", `insert into city.station (code, name, status, geom)
		select 'S' || lpad(i::text, 4, '0'), '站', 'open', 'SRID=4326;POINT(112.5 33)' from generate_series(1, 1500) i`)
	pgtest.Exec(t, conn, "update city.station set name = '改'", "update city.station set name = '再改'")
	var since *merge.ChangedSince
	if _, err := s.Undo(context.Background(), merge.UndoOptions{Batch: batch}); !errors.As(err, &since) {
		t.Fatal(err)
	}
	if since.Total != 1500 || len(since.Rows) != 1000 || since.Rows[999].Key != "S1000" {
		t.Errorf("%d of %d, the last %+v", len(since.Rows), since.Total, since.Rows[len(since.Rows)-1])
	}
	for language, says := range map[lang.Tag][]string{
		"zh": {"1500 个要素", "S0020", "修改", "另有 1480 个", "--force"},
		"en": {"changed after it: 1500", "S0020", "updated", "and 1480 more", "--force"}} {
		text := since.Text(language, 20)
		for _, one := range says {
			if !strings.Contains(text, one) {
				t.Errorf("the text does not say %q:\n%s", one, text)
			}
		}
		if strings.Contains(text, "S0021") {
			t.Errorf("the text lists more than 20:\n%s", text)
		}
	}
}

func TestAPersonalLayerTellsNoKeysAndNoValues(t *testing.T) {
	t.Parallel()
	s, conn := open(t)
	batch := batched(t, conn, "member",
		"insert into personal.member (code, trade, geom) values ('NAME-1', 'sanitation', 'SRID=4326;POINT(112.5 "+
			"33)'), ('NAME-2', 'sanitation', 'SRID=4326;POINT(112.5 33)')")
	pgtest.Exec(t, conn, "update personal.member set code = 'NAME-3' where code = 'NAME-1'",
		"delete from personal.member where code = 'NAME-2'")
	err := refused(t, s, conn, "personal.member", batch, false, geo.ErrConflict)
	var since *merge.ChangedSince
	if !errors.As(err, &since) || since.Total != 2 {
		t.Fatalf("got %v", err)
	}
	if text := fmt.Sprintf("%v %+v %s", err, since.Rows, since.Text("en", 20)); strings.Contains(text, "NAME") {
		t.Errorf("it tells a key: %s", text)
	}
	pgtest.Exec(t, conn, "truncate personal.member")
	batch = batched(t, conn, "member",
		"insert into personal.member (code, trade, geom) values ('NAME-1', 'sanitation', 'SRID=4326;POINT(112.5 33)')")
	second := batched(t, conn, "member", "delete from personal.member")
	pgtest.Exec(t, conn,
		"insert into personal.member (code, trade, geom) values ('NAME-1', 'greening', 'SRID=4326;POINT(112.5 33)')")
	if err := refused(t, s, conn, "personal.member", second, false, geo.ErrConflict); strings.Contains(err.Error(), "NAME") || !strings.Contains(err.Error(), "constraint member_code_") {
		t.Errorf("got %v (batch %d)", err, batch)
	}
}

func TestUndoWhereAKeyIsTaken(t *testing.T) {
	t.Parallel()
	s, conn := open(t)
	pgtest.Exec(t, conn, strings.Replace(stationAtCentre, "ST-001", "S1", 1))
	batch := batched(t, conn, "station", "update city.station set code = 'S2' where code = 'S1'")
	pgtest.Exec(t, conn, strings.Replace(stationAtCentre, "ST-001", "S1", 1))
	for _, force := range []bool{false, true} {
		if err := refused(t, s, conn, "city.station", batch, force, geo.ErrConflict); !strings.Contains(err.Error(), "constraint station_code_") {
			t.Errorf("got %v, want it to name the constraint", err)
		}
	}
	pgtest.Exec(t, conn, "update city.station set code = 'S3' where code = 'S1'")
	undo(t, s, batch, false)
	if got := pgtest.Value(t, conn, "select string_agg(code, ' ' order by gid) from city.station"); got != "S1 S3" {
		t.Errorf("the layer has %s", got)
	}
}

func TestUndoWhereRowsOfOtherTablesHangOn(t *testing.T) {
	t.Parallel()
	s, conn := open(t)
	batch := surveyed(t, s, "station", seat("S1", "站", ""))
	pgtest.Exec(t, conn, "create table city.visit (station bigint constraint visit_of references city.station)",
		"insert into city.visit select gid from city.station")
	if err := refused(t, s, conn, "city.station", batch, true, geo.ErrConflict); !strings.Contains(err.Error(), "visit_of") {
		t.Errorf("got %v, want it to name the constraint", err)
	}
}

func TestUndoAfterTheTableChanged(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ name, change, want string }{
		{"a column more", "alter table city.lamp add column colour text default '白' not null",
			"(1,A,1,0101000020E61000000000000000205C400000000000804040,白)"},
		{"a column less", "alter table city.lamp drop column watts",
			"(1,A,0101000020E61000000000000000205C400000000000804040)"},
		{"a wider type", "alter table city.lamp alter column watts type text",
			"(1,A,1,0101000020E61000000000000000205C400000000000804040)"},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			for _, statement := range []string{"update city.lamp set watts = 2, code = 'B'", "delete from city.lamp"} {
				s, conn := lamps(t, "watts integer")
				pgtest.Exec(t, conn,
					"insert into city.lamp (code, watts, geom) values ('A', 1, 'SRID=4326;POINT(112.5 33)')")
				batch := batched(t, conn, "lamp", statement)
				pgtest.Exec(t, conn, c.change)
				undo(t, s, batch, false)
				if got := rowsOf(t, conn, "city.lamp"); got != c.want {
					t.Errorf("%s: got %s, want %s", statement, got, c.want)
				}
			}
		})
	}
	t.Run("a rule more", func(t *testing.T) {
		t.Parallel()
		s, conn := lamps(t, "watts integer")
		pgtest.Exec(t, conn, "insert into city.lamp (code, watts, geom) values ('A', 1, 'SRID=4326;POINT(112.5 33)')")
		batch := batched(t, conn, "lamp", "update city.lamp set watts = 9")
		pgtest.Exec(t, conn, "alter table city.lamp add constraint bright check (watts > 5)")
		if err := refused(t, s, conn, "city.lamp", batch, true, geo.ErrConflict); !strings.Contains(err.Error(), "bright") {
			t.Errorf("got %v, want it to name the rule", err)
		}
	})
}

func TestUndoWithoutFormerRows(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ name, statement, lost string }{
		{"an update", "update city.station set name = '改'", "delete from journal.before"},
		{"a delete", "delete from city.station",
			"delete from journal.before where id = (select min(id) from journal.before)"},
		{"a truncate", "truncate city.station", "delete from journal.before"},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			s, conn := open(t)
			surveyed(t, s, "station", seat("S1", "站", ""), seat("S2", "站", ""))
			batch := batched(t, conn, "station", c.statement)
			pgtest.Exec(t, conn, c.lost)
			refused(t, s, conn, "city.station", batch, true, geo.ErrConflict)
		})
	}
	t.Run("an import whose entries are gone", func(t *testing.T) {
		t.Parallel()
		s, conn := open(t)
		batch := surveyed(t, s, "station", seat("S1", "站", ""))
		pgtest.Exec(t, conn, "delete from journal.entry")
		refused(t, s, conn, "city.station", batch, true, geo.ErrConflict)
	})
}

// A batch of several statements meets an edit between two of them: what it touches
// afterwards it touches as edited, so that is not a change since.
func TestAnEditBetweenTwoStatementsOfABatchIsNoChangeSince(t *testing.T) {
	t.Parallel()
	s, conn := open(t)
	surveyed(t, s, "station", seat("S1", "旧", ""), seat("S2", "旧", ""))
	other, err := pgx.Connect(context.Background(), conn.Config().ConnString())
	if err != nil {
		t.Fatal(err)
	}
	defer other.Close(context.Background())
	ctx := context.Background()
	tx, err := conn.Begin(ctx)
	if err != nil {
		t.Fatal(err)
	}
	pgtest.Exec(t, conn, "set local yizhan.batch = '77'", "update city.station set name = '新' where code = 'S1'")
	pgtest.Exec(t, other, "update city.station set name = '改' where code = 'S2'")
	pgtest.Exec(t, conn, "update city.station set name = '新' where code = 'S2'",
		`insert into journal.batch (id, layer, source, sha256, started_at, rows_read, inserted, updated, unchanged, rejected)
			overriding system value values (77, 'station', '', '', now(), 2, 0, 2, 0, 0)`)
	if err := tx.Commit(ctx); err != nil {
		t.Fatal(err)
	}
	undo(t, s, 77, false)
	if got := pgtest.Value(t, conn, "select string_agg(code || name, ' ' order by code) from city.station"); got != "S1旧 S2改" {
		t.Errorf("the layer has %s", got)
	}
}

// An edit under way when the undo begins is waited for, and then counts.
func TestAnEditUnderWayIsWaitedFor(t *testing.T) {
	t.Parallel()
	s, conn := open(t)
	ctx := context.Background()
	batch := surveyed(t, s, "station", seat("S1", "站", ""))
	tx, err := conn.Begin(ctx)
	if err != nil {
		t.Fatal(err)
	}
	pgtest.Exec(t, conn, "update city.station set name = '改'")
	answer := make(chan error, 1)
	go func() {
		_, err := s.Undo(ctx, merge.UndoOptions{Batch: batch})
		answer <- err
	}()
	other, err := pgx.Connect(ctx, conn.Config().ConnString())
	if err != nil {
		t.Fatal(err)
	}
	defer other.Close(ctx)
	for pgtest.Value(t, other,
		"select count(*) from pg_locks where relation = 'city.station'::regclass and not granted") == "0" {
	}
	if err := tx.Commit(ctx); err != nil {
		t.Fatal(err)
	}
	if err := <-answer; changes(t, err) != "1; S1 update by "+pgtest.Value(t, conn, "select session_user") {
		t.Errorf("got %v", err)
	}
}
