package merge_test

import (
	"context"
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

// surveyed imports a file that must be taken and returns its batch.
func surveyed(t *testing.T, s *bureau, layer geo.LayerName, features ...string) int64 {
	t.Helper()
	report, err := bring(t, s, layer, collected(features...))
	if err != nil {
		t.Fatal(err)
	}
	return report.Batch
}

// batched runs statements as an import would that also deletes, and returns its batch.
func batched(t *testing.T, conn *pgx.Conn, layer string, statements ...string) (batch int64) {
	t.Helper()
	ctx := context.Background()
	err := pgx.BeginFunc(ctx, conn, func(tx pgx.Tx) error {
		err := tx.QueryRow(ctx, `select id from (select nextval(pg_get_serial_sequence('journal.batch', 'id')) as id) as b,
			lateral (select set_config('yizhan.batch', b.id::text, true), set_config('yizhan.actor', 'surveyor', true)) as settings`).Scan(&batch)
		for _, statement := range statements {
			if _, failed := tx.Exec(ctx, statement); failed != nil {
				err = errors.Join(err, fmt.Errorf("%s: %w", statement, failed))
				break
			}
		}
		if err != nil {
			return err
		}
		_, err = tx.Exec(ctx, `insert into journal.batch (id, layer, source, sha256, started_at, rows_read, inserted, updated, unchanged, rejected)
			overriding system value values ($1, $2, 'by hand', '', now(), 0, 0, 0, 0, 0)`, batch, layer)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return batch
}

// undo undoes a batch that must be undone.
func undo(t *testing.T, s *bureau, batch int64, force bool) *merge.Undone {
	t.Helper()
	undone, err := s.Undo(context.Background(), merge.UndoOptions{Batch: batch, Force: force, Actor: "planner"})
	if err != nil {
		t.Fatalf("undo of batch %d: %v", batch, err)
	}
	return undone
}

// refused undoes a batch that must not be undone, and holds the refusal to its kind
// and to leaving everything as it was.
func refused(t *testing.T, s *bureau, conn *pgx.Conn, table string, batch int64, force bool, kind error) error {
	t.Helper()
	before := fixed(t, conn, table) + pgtest.Value(t, conn, batches)
	_, err := s.Undo(context.Background(), merge.UndoOptions{Batch: batch, Force: force})
	if !errors.Is(err, kind) {
		t.Fatalf("undo of batch %d: got %v, want %v", batch, err, kind)
	}
	if after := fixed(t, conn, table) + pgtest.Value(t, conn, batches); after != before {
		t.Errorf("a refused undo left something: %s, then %s", before, after)
	}
	return err
}

// rowsOf is a table's rows, ids included, exactly.
func rowsOf(t *testing.T, conn *pgx.Conn, table string) string {
	t.Helper()
	return pgtest.Value(t, conn, "select string_agg(r::text, E'\\n' order by gid) from "+table+" as r")
}

// undoCounts is what an undo did, in one line.
func undoCounts(u *merge.Undone) string {
	return fmt.Sprintf("touched %d, deleted %d, restored %d, reinserted %d", u.Touched, u.Deleted, u.Restored,
		u.Reinserted)
}

func TestUndoOfAnImportPutsTheLayerBack(t *testing.T) {
	t.Parallel()
	s, conn := open(t)
	surveyed(t, s, "station", seat("S1", "人民路", ""), seat("S2", "建设路", ""), seat("S3", "车站", ""))
	before := rowsOf(t, conn, "city.station")
	batch := surveyed(t, s, "station", seat("S2", "建设中路", `,"remark":"改"`), seat("S3", "车站", ""), seat("S4", "南站", ""))
	after := pgtest.Value(t, conn,
		"select string_agg((to_jsonb(r) - 'gid')::text, ' ' order by code) from city.station r")
	undone := undo(t, s, batch, false)
	if got, want := undoCounts(undone), "touched 2, deleted 1, restored 1, reinserted 0"; got != want {
		t.Errorf("got  %s\nwant %s", got, want)
	}
	if got := rowsOf(t, conn, "city.station"); got != before {
		t.Errorf("the layer has\n%s\nand had\n%s", got, before)
	}
	if got := pgtest.Value(t, conn,
		"select string_agg(concat_ws('/', op, actor, batch, cardinality(ids)), ' ' order by seq) from journal.entry "+
			"where batch = "+fmt.Sprint(undone.Batch)); got !=
		fmt.Sprintf("delete/planner/%[1]d/1 update/planner/%[1]d/1 undo/planner/%[1]d/0", undone.Batch) {
		t.Errorf("the journal has %s", got)
	}
	surveyed(t, s, "station", seat("S2", "建设中路", `,"remark":"改"`), seat("S3", "车站", ""), seat("S4", "南站", ""))
	if got := pgtest.Value(t, conn,
		"select string_agg((to_jsonb(r) - 'gid')::text, ' ' order by code) from city.station r"); got != after {
		t.Errorf("importing again gives\n%s\nand gave\n%s", got, after)
	}
}

// kerb is a layer with columns of many types, one that numbers itself and one that is computed.
func kerb(t *testing.T) (*bureau, *pgx.Conn) {
	t.Helper()
	s, conn := open(t)
	pgtest.Exec(t, conn, `create table city.kerb ("G id" integer primary key generated always as identity, "编号 '""x" text not null unique, serial bigint generated always as identity,
			width float8, share real, price numeric(20,9), at timestamptz, raw bytea, tags text[], doc jsonb, twice float8 generated always as (width * 2) stored,
			geom geometry(LineStringZ, 4326) not null)`,
		`select catalog.publish('city.kerb', key_column => '编号 ''"x')`,
		`insert into city.kerb ("编号 '""x", width, share, price, at, raw, tags, doc, geom)
			select 'K' || i, i / 3.0, 1.1, i + 0.120000000, timestamptz '2021-06-30 08:00:00.123456+08', '\x00ff', array['a', null, '"']::text[], '{"a": [1, null]}',
				st_setsrid(st_makeline(st_makepoint(112.5 + i / 7.0, 33, 0.1), st_makepoint(112, 33, 0.2)), 4326)
			from generate_series(1, 9) i`)
	return s, conn
}

func kerbs(t *testing.T, conn *pgx.Conn) string {
	t.Helper()
	return pgtest.Value(t, conn, `select string_agg(r::text, E'\n' order by "G id") from city.kerb r`)
}

func TestUndoRestoresEveryMixExactly(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name       string
		statements []string
		want       string
	}{
		{"an insert",
			[]string{`insert into city.kerb ("编号 '""x", geom) select 'N' || i, 'SRID=4326;LINESTRING Z (0 0 0, 1 1 1)' from generate_series(1, 3) i`},
			"touched 3, deleted 3, restored 0, reinserted 0"},
		{"an update",
			[]string{`update city.kerb set width = 'NaN', share = 'infinity', price = null, raw = '', tags = '{}', doc = '{}' where "G id" < 4`},
			"touched 3, deleted 0, restored 3, reinserted 0"},
		{"a delete", []string{`delete from city.kerb where "G id" in (1, 9)`},
			"touched 2, deleted 0, restored 0, reinserted 2"},
		{"all three on the same rows", []string{`update city.kerb set width = 0`,
			`delete from city.kerb where "G id" = 2`,
			`insert into city.kerb ("编号 '""x", geom) values ('K2', 'SRID=4326;LINESTRING Z (0 0 0, 1 1 1)')`,
			`update city.kerb set width = width + 1 where "G id" > 8`,
			`delete from city.kerb where "G id" = 9`},
			"touched 10, deleted 1, restored 7, reinserted 2"},
		{"a replacement of everything", []string{`truncate city.kerb restart identity`,
			`insert into city.kerb ("编号 '""x", geom) select 'N' || i, 'SRID=4326;LINESTRING Z (0 0 0, 1 1 1)' from generate_series(1, 3) i`},
			"touched 9, deleted 0, restored 3, reinserted 6"},
		{"keys that change places", []string{`update city.kerb set "编号 '""x" = 'x' where "G id" = 1`,
			`update city.kerb set "编号 '""x" = 'K1' where "G id" = 2`,
			`update city.kerb set "编号 '""x" = 'K2' where "G id" = 1`},
			"touched 2, deleted 0, restored 2, reinserted 0"},
		{"what is gone before it ends",
			[]string{`insert into city.kerb ("编号 '""x", geom) values ('N', 'SRID=4326;LINESTRING Z (0 0 0, 1 1 1)')`,
				`delete from city.kerb where "编号 '""x" = 'N'`}, "touched 1, deleted 0, restored 0, reinserted 0"},
		{"nothing", nil, "touched 0, deleted 0, restored 0, reinserted 0"},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			s, conn := kerb(t)
			before := kerbs(t, conn)
			batch := batched(t, conn, "kerb", c.statements...)
			after := kerbs(t, conn)
			first := undo(t, s, batch, false)
			if got := kerbs(t, conn); got != before {
				t.Errorf("the layer has\n%s\nand had\n%s", got, before)
			}
			if c.name != "keys that change places" && undoCounts(first) != c.want {
				t.Errorf("got  %s\nwant %s", undoCounts(first), c.want)
			}
			redo := undo(t, s, first.Batch, false)
			if got := kerbs(t, conn); got != after {
				t.Errorf("undoing the undo gives\n%s\nand it was\n%s", got, after)
			}
			if want := fmt.Sprintf("batch %d: by hand", first.Batch); redo.Source != want {
				t.Errorf("the redo is of %q, want %q", redo.Source, want)
			}
			undo(t, s, batch, false)
			if got := kerbs(t, conn); got != before {
				t.Errorf("undoing it once more gives\n%s\nand it was\n%s", got, before)
			}
		})
	}
}

func TestImportsAreUndoneOneAfterAnother(t *testing.T) {
	t.Parallel()
	s, conn := open(t)
	var states []string
	var done []int64
	for _, name := range []string{"一", "二", "三", "四"} {
		states = append(states, rowsOf(t, conn, "city.station"))
		done = append(done, surveyed(t, s, "station", seat("S1", name, ""), seat(name, "站", "")))
	}
	refused(t, s, conn, "city.station", done[1], false, geo.ErrConflict)
	for i := len(done) - 1; i >= 0; i-- {
		undo(t, s, done[i], false)
		if got := rowsOf(t, conn, "city.station"); got != states[i] {
			t.Errorf("before import %d the layer had\n%s\nand has\n%s", i, states[i], got)
		}
	}
}

func TestAnUndoneBatchSaysSo(t *testing.T) {
	t.Parallel()
	s, conn := open(t)
	batch := surveyed(t, s, "station", seat("S1", "站", ""))
	first := undo(t, s, batch, false)
	err := refused(t, s, conn, "city.station", batch, true, geo.ErrConflict)
	if want := fmt.Sprintf("by batch %d", first.Batch); !strings.Contains(err.Error(), want) {
		t.Errorf("got %v, want it to say %q", err, want)
	}
	chain := func(want string) {
		t.Helper()
		list, err := s.Batches(context.Background(), ledger.BatchFilter{Layer: "station"})
		if err != nil {
			t.Fatal(err)
		}
		var got []string
		for _, b := range list {
			got = append(got, fmt.Sprintf("%d undoes %d, undone by %d", b.ID-batch, max(0, b.Undoes-batch),
				max(0, b.UndoneBy-batch)))
		}
		if strings.Join(got, "; ") != want {
			t.Errorf("got  %s\nwant %s", strings.Join(got, "; "), want)
		}
	}
	chain("1 undoes 0, undone by 0; 0 undoes 0, undone by 1")
	second := undo(t, s, first.Batch, false)
	chain("2 undoes 1, undone by 0; 1 undoes 0, undone by 2; 0 undoes 0, undone by 0")
	undo(t, s, second.Batch, false)
	chain("3 undoes 2, undone by 0; 2 undoes 1, undone by 3; 1 undoes 0, undone by 0; 0 undoes 0, undone by 1")
}

func TestUndoOfWhatIsNotThere(t *testing.T) {
	t.Parallel()
	s, conn := kerb(t)
	for _, batch := range []int64{-1, 0, 999999} {
		refused(t, s, conn, "city.station", batch, true, geo.ErrNotFound)
	}
	batch := batched(t, conn, "kerb", "delete from city.kerb")
	pgtest.Exec(t, conn, "drop table city.kerb")
	if err := refused(t, s, conn, "city.station", batch, true, geo.ErrNotFound); !strings.Contains(err.Error(), `"kerb"`) {
		t.Errorf("got %v, want it to name the layer", err)
	}
}

func TestTwoUndosAtOnce(t *testing.T) {
	t.Parallel()
	s, conn := open(t)
	batch := surveyed(t, s, "station", seat("S1", "站", ""), seat("S2", "站", ""))
	answers := make(chan error, 4)
	for range cap(answers) {
		go func() {
			_, err := s.Undo(context.Background(), merge.UndoOptions{Batch: batch})
			answers <- err
		}()
	}
	done := 0
	for range cap(answers) {
		switch err := <-answers; {
		case err == nil:
			done++
		case !errors.Is(err, geo.ErrConflict):
			t.Errorf("got %v, want a conflict", err)
		}
	}
	if left := pgtest.Value(t, conn, "select count(*) from city.station"); done != 1 || left != "0" {
		t.Errorf("%d undos went through, and %s rows are left", done, left)
	}
}
