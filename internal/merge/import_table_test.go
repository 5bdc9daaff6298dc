package merge_test

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"sync"
	"testing"

	"github.com/jackc/pgx/v5"

	"yizhan/geo"
	"yizhan/importer"
	"yizhan/internal/merge"
	"yizhan/internal/pgtest"
)

// lamps makes a layer of points with the given columns beside code.
func lamps(t *testing.T, columns string) (*bureau, *pgx.Conn) {
	t.Helper()
	s, conn := open(t)
	pgtest.Exec(t, conn, "create type city.glow as enum ('LED', '钠灯')",
		"create domain city.metres as float8 check (value > 0)",
		"create table city.lamp (gid bigint generated always as identity primary key, code text not null, "+
			""+columns+", geom geometry(Point, 4326) not null)",
		"select catalog.publish('city.lamp', key_column => 'code')")
	return s, conn
}

func lamp(code, more string) string {
	return `{"type":"Feature","properties":{"code":"` + code + `"` + more + `},"geometry":{"type":"Point","coordinates":[112.5,33]}}`
}

func TestEveryTypeOfColumnArrivesAsItWasWritten(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ column, given, want string }{
		{"smallint", `-32768`, "-32768"},
		{"integer", `"2147483647"`, "2147483647"},
		{"bigint", `-9223372036854775808`, "-9223372036854775808"},
		{"real", `1.1`, "1.1"},
		{"double precision", `0.1`, "0.1"},
		{"numeric", `12345678901234567890.123456789`, "12345678901234567890.123456789"},
		{"numeric(6,2)", `9999.994`, "9999.99"},
		{"boolean", `"是"`, "true"},
		{"date", `"1949-10-01"`, "1949-10-01"},
		{"date", `"2021-06-30T23:30:00.000Z"`, "2021-06-30"},
		{"timestamp", `"2021-06-30T08:00:00.5+08:00"`, "2021-06-30 08:00:00.5"},
		{"timestamptz", `"2021-06-30T08:00:00Z"`, "2021-06-30 16:00:00+08"},
		{"timestamptz", `"2021-06-30 08:00:00"`, "2021-06-30 08:00:00+08"},
		{"varchar(4)", `"卧龙城区"`, "卧龙城区"},
		{"char(4)", `"ab"`, "ab  "},
		{"city.glow", `"钠灯"`, "钠灯"},
		{"city.metres", `2.5`, "2.5"},
		{"jsonb", `{"a":[1,null]}`, `{"a": [1, null]}`},
		{"json", `{"a":[1,null]}`, `{"a":[1,null]}`},
		{"uuid", `"a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11"`, "a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11"},
		{"text[]", `"{a,b}"`, "{a,b}"},
	} {
		t.Run(c.column+" "+c.given, func(t *testing.T) {
			t.Parallel()
			s, conn := lamps(t, "v "+c.column)
			pgtest.Exec(t, conn,
				"alter database "+pgx.Identifier{conn.Config().Database}.Sanitize()+" set timezone to 'Asia/Shanghai'",
				"set timezone to 'Asia/Shanghai'")
			file := collected(lamp("A", `,"v":`+c.given), lamp("B", `,"v":null`), lamp("C", ""))
			imported(t, s, "lamp", file, "read 3, inserted 3, updated 0, unchanged 0")
			if got := pgtest.Value(t, conn, "select format('%s', v) from city.lamp where code = 'A'"); got != c.want &&
				got != map[string]string{"true": "t"}[c.want] {
				t.Errorf("got %q, want %q", got, c.want)
			}
			imported(t, s, "lamp", file, "read 3, inserted 0, updated 0, unchanged 3")
		})
	}
}

func TestValuesThatAColumnDoesNotTakeAreRejectedByThemselves(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ column, given, says string }{
		{"real", `1e39`, "between ±"},
		{"numeric(6,2)", `10000`, "between ±10000"},
		{"numeric", `"1,5"`, "a number"},
		{"city.glow", `"LCD"`, "one of LED, 钠灯"},
		{"date", `"0000-01-01"`, "not a calendar date"},
		{"date", `"2021-02-29"`, "not a calendar date"},
		{"timestamptz", `"24:00"`, "unrecognised time"},
		{"boolean", `"perhaps"`, "true or false"},
		{"integer", `2147483648`, "2147483648\" is too large"},
	} {
		t.Run(c.column+" "+c.given, func(t *testing.T) {
			t.Parallel()
			s, _ := lamps(t, "v "+c.column)
			report, err := bring(t, s, "lamp", collected(lamp("A", `,"v":`+c.given), lamp("B", "")))
			if err != nil {
				t.Fatal(err)
			}
			if report.Inserted != 1 || report.Rejected != 1 || report.Listed[0].Field != "v" ||
				!strings.Contains(report.Text("en"), c.says) {
				t.Errorf("the report does not say %q:\n%s", c.says, report.Text("en"))
			}
		})
	}
}

func TestADefaultStandsInWhereNullIsRefused(t *testing.T) {
	t.Parallel()
	s, conn := lamps(t,
		"known boolean not null default true, height float8 default 8, kind text not null default 'street'")
	rows := "select string_agg(concat_ws('/', code, known, coalesce(height::text, '-'), kind), ' ' order by code) " +
		"from city.lamp"
	imported(t, s, "lamp", collected(lamp("A", `,"known":false`), lamp("B", `,"known":null`), lamp("C", "")),
		"read 3, inserted 3, updated 0, unchanged 0")
	if got := pgtest.Value(t, conn, rows); got != "A/f/8/street B/t/8/street C/t/8/street" {
		t.Errorf("the layer has %s", got)
	}
	imported(t, s, "lamp", collected(lamp("A", `,"height":null`), lamp("B", `,"known":false,"height":9`),
		lamp("C", `,"known":null,"height":8`)), "read 3, inserted 0, updated 2, unchanged 1")
	if got := pgtest.Value(t, conn, rows); got != "A/f/-/street B/f/9/street C/t/8/street" {
		t.Errorf("the layer has %s", got)
	}
}

func TestAPointThatMovedByANanometreIsWritten(t *testing.T) {
	t.Parallel()
	s, conn := lamps(t, "v text")
	imported(t, s, "lamp", collected(lamp("A", "")), "read 1, inserted 1, updated 0, unchanged 0")
	moved := strings.Replace(lamp("A", ""), "112.5", "112.50000000000001", 1)
	imported(t, s, "lamp", collected(moved), "read 1, inserted 0, updated 1, unchanged 0")
	if got := pgtest.Value(t, conn, "select st_x(geom) from city.lamp"); got != "112.50000000000001" {
		t.Error(got)
	}
}

func TestColumnsWithHeightsTakeFlatFiles(t *testing.T) {
	t.Parallel()
	for _, kind := range []string{"PointZ", "PointM", "PointZM", "MultiPointZ"} {
		t.Run(kind, func(t *testing.T) {
			t.Parallel()
			s, conn := open(t)
			pgtest.Exec(t, conn,
				"create table city.pole (gid bigint generated always as identity primary key, code text not null, "+
					"geom geometry("+kind+", 4326) not null)",
				"select catalog.publish('city.pole', key_column => 'code')")
			imported(t, s, "pole", collected(lamp("A", "")), "read 1, inserted 1, updated 0, unchanged 0")
			imported(t, s, "pole", collected(lamp("A", "")), "read 1, inserted 0, updated 0, unchanged 1")
		})
	}
}

func TestTheKeyMayBeTheIdItself(t *testing.T) {
	t.Parallel()
	s, conn := open(t)
	pgtest.Exec(t, conn,
		"create table city.pole (objectid integer primary key, name text, geom geometry(Point, 4326) not null)",
		"select catalog.publish('city.pole', key_column => 'objectid')",
		"create table city.post (gid bigint generated always as identity primary key, name text, geom "+
			"geometry(Point, 4326) not null)",
		"select catalog.publish('city.post', key_column => 'gid')")
	pole := strings.Replace(lamp("A", `,"OBJECTID":7,"NAME":"杆"`), `"code":"A",`, "", 1)
	imported(t, s, "pole", collected(pole), "read 1, inserted 1, updated 0, unchanged 0")
	imported(t, s, "pole", collected(pole, lamp("A", "")),
		"read 2, inserted 0, updated 0, unchanged 1; 2  missing_value")
	if got := pgtest.Value(t, conn, "select objectid || name from city.pole"); got != "7杆" {
		t.Error(got)
	}
	if _, err := bring(t, s, "post", collected(pole)); !errors.Is(err, geo.ErrInvalid) ||
		!strings.Contains(err.Error(), "is generated") {
		t.Error(err)
	}
}

func TestWhatTheLedgerRefusesAsAWholeLeavesNothing(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name, column, given string
		kind                error
		says                string
	}{
		{"a second unique column", "v text unique", `"same"`, geo.ErrConflict, "unique"},
		{"a reference to nothing", "v text references catalog.layer", `"same"`, geo.ErrInvalid, "lamp_v_fkey"},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			s, conn := lamps(t, c.column)
			before := fixed(t, conn, "city.lamp") + pgtest.Value(t, conn, batches)
			_, err := bring(t, s, "lamp", collected(lamp("A", `,"v":`+c.given), lamp("B", `,"v":`+c.given)))
			if !errors.Is(err, c.kind) || !strings.Contains(fmt.Sprint(err), c.says) ||
				!strings.Contains(fmt.Sprint(err), "nothing was imported") {
				t.Errorf("got %v", err)
			}
			if after := fixed(t, conn, "city.lamp") + pgtest.Value(t, conn, batches); after != before {
				t.Errorf("something was left: %s, then %s", before, after)
			}
		})
	}
}

func TestIdsFollowTheOrderOfTheFile(t *testing.T) {
	t.Parallel()
	s, conn := open(t)
	imported(t, s, "station", many(30_000), "read 30000, inserted 30000, updated 0, unchanged 0")
	imported(t, s, "station", collected(seat("Z3", "丙", ""), seat("Z1", "甲", ""), seat("Z2", "乙", "")),
		"read 3, inserted 3, updated 0, unchanged 0")
	if got := pgtest.Value(t, conn,
		"select count(*) filter (where before >= gid) from (select gid, lag(gid) over (order by code) as before from "+
			"city.station where code like 'M%') as s"); got != "0" {
		t.Errorf("%s ids are out of order", got)
	}
	if got := pgtest.Value(t, conn, "select string_agg(code, ' ' order by gid) from city.station where code like 'Z%'"); got != "Z3 Z1 Z2" {
		t.Error(got)
	}
}

func TestEditsOfOthersGoOnDuringAnImport(t *testing.T) {
	t.Parallel()
	s, conn := open(t)
	pgtest.Exec(t, conn, stationAtCentre)
	asked, answered := make(chan struct{}), make(chan struct{})
	ctx, cancel := context.WithCancel(context.Background())
	defer cancel()
	done := make(chan error)
	go func() {
		var once sync.Once
		_, err := bringSo(ctx, t, s, "station", many(60_000),
			merge.Options{Options: importer.Options{Progress: func(p importer.Progress) {
				once.Do(func() {
					close(asked)
					<-answered
				})
				if p.Features > 30_000 {
					cancel()
				}
			}}})
		done <- err
	}()
	<-asked
	pgtest.Exec(t, conn, "set lock_timeout = '2s'", "update city.station set name = '改' where code = 'ST-001'")
	close(answered)
	if err := <-done; err == nil {
		t.Error("the cancelled import is well")
	}
	if got := pgtest.Value(t, conn, "select string_agg(name, ' ') from city.station"); got != "改" {
		t.Errorf("the layer has %s", got)
	}
}

func TestValuesOfTypesThatTheLedgerAloneReads(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ column, bad, good string }{
		{"uuid", `"same"`, `"a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11"`},
		{"jsonb", `"{1"`, `"{}"`},
		{"integer[]", `"{1,x}"`, `"{1,2}"`},
		{"interval", `"soon"`, `"2 days"`},
		{"inet", `"10.0.0.300"`, `"10.0.0.3"`},
	} {
		t.Run(c.column, func(t *testing.T) {
			t.Parallel()
			s, _ := lamps(t, "v "+c.column)
			file := collected(lamp("A", `,"v":`+c.bad), lamp("B", `,"v":`+c.good), lamp("C", `,"v":null`),
				lamp("D", `,"v":`+c.bad))
			imported(t, s, "lamp", file, "read 4, inserted 2, updated 0, unchanged 0; 1 A wrong_type; 4 D wrong_type")
			imported(t, s, "lamp", file, "read 4, inserted 0, updated 0, unchanged 2; 1 A wrong_type; 4 D wrong_type")
		})
	}
}
