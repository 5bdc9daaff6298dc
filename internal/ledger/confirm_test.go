package ledger_test

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"testing"

	"github.com/jackc/pgx/v5"

	"yizhan/geo"
	"yizhan/internal/ledger"
	"yizhan/internal/pg"
	"yizhan/internal/pgtest"
)

// placed makes the connection write as somebody.
func placed(t *testing.T, conn *pgx.Conn, by string) {
	t.Helper()
	pgtest.Exec(t, conn, "select set_config('yizhan.actor', '"+by+"', false)")
}

// counted asks for the members near the station and says what came of it.
func counted(s *ledger.Ledger, given map[string]string) string {
	_, err := s.Ask(context.Background(), ledger.Asking{Question: "members_within", Given: given, Asker: "test"})
	switch {
	case errors.Is(err, geo.ErrConflict) && strings.Contains(err.Error(), "is not confirmed"):
		return "not confirmed"
	case err != nil:
		return err.Error()
	}
	return "counted"
}

func confirm(t *testing.T, s *ledger.Ledger, layer geo.LayerName, by string, codes ...string) string {
	t.Helper()
	list, err := s.Confirm(context.Background(), layer, codes, by)
	if err != nil {
		t.Fatal(err)
	}
	var said []string
	for _, c := range list {
		said = append(said, c.Code+" "+string(c.Outcome))
	}
	return strings.Join(said, ", ")
}

func TestMembersAreCountedWhereSomebodyElseConfirmedThePlace(t *testing.T) {
	t.Parallel()
	s, conn := open(t)
	station, drawn := map[string]string{"station": "ST-001"}, map[string]string{"station": "ST-001",
		"area": "catchment"}
	steps := []struct {
		name string
		do   func() string
		want string
	}{
		{"a station that somebody placed", func() string {
			placed(t, conn, "li")
			pgtest.Exec(t, conn, stationAtCentre)
			return counted(s, station)
		}, "not confirmed"},
		{"is not confirmed by the same", func() string { return confirm(t, s, "station", "li", "ST-001", "ST-999") },
			"ST-001 own, ST-999 unknown"},
		{"and stays without counts", func() string { return counted(s, station) }, "not confirmed"},
		{"but by another", func() string { return confirm(t, s, "station", "wang", "ST-001") }, "ST-001 confirmed"},
		{"and then it counts", func() string { return counted(s, station) }, "counted"},
		{"an edit of something else keeps it", func() string {
			pgtest.Exec(t, conn, "update city.station set name = 'x'")
			return counted(s, station)
		}, "counted"},
		{"a move loses it", func() string {
			pgtest.Exec(t, conn, "update city.station set geom = 'SRID=4326;POINT(112.53001 33)'")
			return counted(s, station)
		}, "not confirmed"},
		{"moving it back has it again", func() string {
			pgtest.Exec(t, conn, "update city.station set geom = 'SRID=4326;POINT(112.53 33)'")
			return counted(s, station)
		}, "counted"},
		{"another radius of its own loses it", func() string {
			pgtest.Exec(t, conn, "update city.station set radius_m = 1007")
			return counted(s, drawn)
		}, "not confirmed"},
		{"an edit by the confirmer does not make it theirs", func() string {
			placed(t, conn, "wang")
			pgtest.Exec(t, conn, "update city.station set name = 'y'")
			return confirm(t, s, "station", "wang", "ST-001")
		}, "ST-001 confirmed"},
		{"a drawn catchment needs its own", func() string {
			pgtest.Exec(t, conn, `insert into city.catchment (code, station, kind, geom) values ('CA-001', 'ST-001', 'drawn',
				st_multi(st_setsrid(st_makeenvelope(112.52, 32.99, 112.54, 33.01), 4326)))`)
			return counted(s, drawn) + ", its circle " + counted(s, station)
		}, "not confirmed, its circle counted"},
		{"from somebody else", func() string {
			return confirm(t, s, "catchment", "wang", "CA-001") + ", " + confirm(t, s, "catchment", "li", "CA-001")
		}, "CA-001 own, CA-001 confirmed"},
		{"and then counts", func() string { return counted(s, drawn) }, "counted"},
		{"a second one beside it does not slip in", func() string {
			pgtest.Exec(t, conn, `insert into city.catchment (code, station, kind, geom) values ('CA-002', 'ST-001', 'drawn',
				st_multi(st_setsrid(st_makeenvelope(112.54, 32.99, 112.55, 33.01), 4326)))`)
			return counted(s, drawn)
		}, "not confirmed"},
	}
	for _, step := range steps {
		if got := step.do(); got != step.want {
			t.Fatalf("%s: %s, want %s", step.name, got, step.want)
		}
	}
}

func TestTheFirstLoadIsConfirmedByWhoeverRunsTheLedger(t *testing.T) {
	t.Parallel()
	s, conn := open(t)
	ctx := context.Background()
	load := func(batch int, code string) int64 {
		pgtest.Exec(t, conn, fmt.Sprintf("select set_config('yizhan.batch', '%d', false)", batch),
			fmt.Sprintf(
				"insert into city.station (code, status, geom) values ('%s', 'open', 'SRID=4326;POINT(112.53 33)')",
				code))
		n, err := s.ConfirmFirst(ctx, int64(batch), "root")
		if err != nil {
			t.Fatal(err)
		}
		return n
	}
	if n := load(1, "ST-001"); n != 1 {
		t.Errorf("%d places of the first load were confirmed, want 1", n)
	}
	if n := load(2, "ST-002"); n != 0 {
		t.Errorf("%d places of a later load were confirmed by nobody", n)
	}
}

func TestQuestionsAboutPersonsLeaveARowAndUseABudget(t *testing.T) {
	t.Parallel()
	s, conn := open(t)
	pgtest.Exec(t, conn, stationAtCentre, confirmed, "update catalog.person_limit set grounds_a_day = 2")
	ask := func(asker, radius string) error {
		_, err := s.Ask(context.Background(), ledger.Asking{Question: "members_within",
			Given: map[string]string{"station": "ST-001", "radius_m": radius}, Asker: asker})
		return err
	}
	for _, c := range []struct {
		name, asker, radius string
		refused             bool
	}{
		{"a first ground", "address 192.0.2.1", "500", false},
		{"the same again costs nothing", "address 192.0.2.1", "500", false},
		{"a second", "address 192.0.2.1", "1000", false},
		{"a third is too much", "address 192.0.2.1", "1500", true},
		{"one already asked about goes on", "address 192.0.2.1", "500", false},
		{"another asker has another budget", "address 192.0.2.2", "1500", false},
	} {
		if err := ask(c.asker, c.radius); errors.Is(err, ledger.ErrBudget) != c.refused || !c.refused && err != nil {
			t.Errorf("%s: %v", c.name, err)
		}
	}
	got := pgtest.Column(t, conn,
		"select asker || ' ' || login || ' ' || question || ' ' || ground from journal.person_question order by seq")
	want := []string{
		`address 192.0.2.1 yizhan_reader members_within ["ST-001", 500]`,
		`address 192.0.2.1 yizhan_reader members_within ["ST-001", 500]`,
		`address 192.0.2.1 yizhan_reader members_within ["ST-001", 1000]`,
		`address 192.0.2.1 yizhan_reader members_within ["ST-001", 500]`,
		`address 192.0.2.2 yizhan_reader members_within ["ST-001", 1500]`,
	}
	if strings.Join(got, "\n") != strings.Join(want, "\n") {
		t.Errorf("audit rows:\n%s\nwant:\n%s", strings.Join(got, "\n"), strings.Join(want, "\n"))
	}
}

func TestAnAnalystInPsqlCannotAskInAnothersName(t *testing.T) {
	t.Parallel()
	_, conn := open(t)
	pgtest.Exec(t, conn, stationAtCentre, confirmed, "update catalog.person_limit set reader = 'somebody_else'")
	public := attacker(t, conn)
	pgtest.Exec(t, public, "select set_config('yizhan.asker', 'the mayor', false)",
		"select * from ask.members_within('ST-001')")
	if got := pgtest.Column(t, conn, "select asker from journal.person_question"); len(got) != 1 ||
		got[0] != pg.ReaderRole {
		t.Errorf("asked in the name of %v", got)
	}
	pgtest.Exec(t, public, "set default_transaction_read_only = on")
	if _, err := public.Exec(context.Background(), "select * from ask.members_within('ST-001')"); err == nil ||
		!strings.Contains(err.Error(), "audit row") {
		t.Errorf("asked without an audit row: %v", err)
	}
}
