package ledger_test

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"testing"

	"yizhan/geo"
	"yizhan/internal/ledger"
	"yizhan/internal/pgtest"
)

const stationAtCentre = "insert into city.station (code, name, status, geom) values ('ST-001', '人民路驿站', 'open', " +
	"'SRID=4326;POINT(112.53 33)')"

// confirmed confirms every place that there is.
const confirmed = "select catalog.confirm_all('station', 'colleague'), catalog.confirm_all('catchment', 'colleague')"

// posts puts n members of a trade at so many metres east of the station.
func posts(trade string, n int, metres float64) string {
	return fmt.Sprintf(`insert into personal.member (code, trade, geom)
		select '%[1]s-' || i || '-' || %[3]f, '%[1]s', st_project('SRID=4326;POINT(112.53 33)'::geography, %[3]f, pi() / 2)::geometry
		from generate_series(1, %[2]d) i`, trade, n, metres)
}

// shown asks for the members near the station and returns «trade=shown».
func shown(t *testing.T, s *ledger.Ledger, given map[string]string) string {
	t.Helper()
	answer, err := s.Ask(context.Background(), ledger.Asking{Question: "members_within", Given: given, Asker: "test"})
	if err != nil {
		t.Fatal(err)
	}
	var list []string
	for _, raw := range answer.Rows {
		var row struct {
			Trade   string
			Shown   string
			Members *int
		}
		if err := json.Unmarshal(raw, &row); err != nil {
			t.Fatal(err)
		}
		if row.Members != nil {
			t.Errorf("%s: members is %d and must never be told", row.Trade, *row.Members)
		}
		list = append(list, row.Trade+"="+row.Shown)
	}
	return strings.Join(list, " ")
}

func TestMembersWithin(t *testing.T) {
	t.Parallel()
	cases := []struct {
		name   string
		setup  []string
		radius string
		want   string
	}{
		{"counts are told in bands of five, and their total by its ends",
			[]string{posts("sanitation", 12, 300), posts("municipal", 5, 300), posts("greening", 6, 300),
				posts("traffic_police", 9, 300), posts("volunteer", 20, 300)},
			"1000", "sanitation=10–14 municipal=5–9 greening=5–9 traffic_police=5–9 volunteer=20–24 total=45–65"},
		{"zero looks like any count under five", []string{posts("sanitation", 12, 300), posts("municipal", 4, 300),
			posts("greening", 6, 300)},
			"1000", "sanitation=10–14 municipal=<5 greening=5–9 traffic_police=<5 volunteer=<5 total=15–35"},
		{"nobody at all looks like four of each", nil, "1000",
			"sanitation=<5 municipal=<5 greening=<5 traffic_police=<5 volunteer=<5 total=0–20"},
		{"four of each look like nobody at all", []string{posts("sanitation", 4, 1), posts("municipal", 4, 1),
			posts("greening", 4, 1), posts("traffic_police", 4, 1), posts("volunteer", 4, 1)},
			"1000", "sanitation=<5 municipal=<5 greening=<5 traffic_police=<5 volunteer=<5 total=0–20"},
		{"999.9 m is within one kilometre and 1000.1 m is not",
			[]string{posts("sanitation", 6, 999.9), posts("municipal", 6, 1000.1), posts("greening", 6, 1),
				posts("traffic_police", 6, 1), posts("volunteer", 6, 1)},
			"1000", "sanitation=5–9 municipal=<5 greening=5–9 traffic_police=5–9 volunteer=5–9 total=20–40"},
		{"a kilometre is a kilometre north and south too", []string{
			"insert into personal.member (code, trade, geom) select 'N' || i, 'sanitation', " +
				"st_project('SRID=4326;POINT(112.53 33)'::geography, 998, 0)::geometry from generate_series(1, 6) i",
			"insert into personal.member (code, trade, geom) select 'S' || i, 'municipal', " +
				"st_project('SRID=4326;POINT(112.53 33)'::geography, 1002, pi())::geometry from generate_series(1, " +
				"6) i"},
			"1000", "sanitation=5–9 municipal=<5 greening=<5 traffic_police=<5 volunteer=<5 total=5–25"},
		{"the smaller circle", []string{posts("sanitation", 6, 499), posts("municipal", 6, 501)},
			"500", "sanitation=5–9 municipal=<5 greening=<5 traffic_police=<5 volunteer=<5 total=5–25"},
		{"who leaves today is not counted, who leaves tomorrow is",
			[]string{posts("sanitation", 6, 10), posts("municipal", 6, 10),
				"update personal.member set left_on = catalog.today() + case trade when 'municipal' then 1 else 0 end"},
			"1000", "sanitation=<5 municipal=5–9 greening=<5 traffic_police=<5 volunteer=<5 total=5–25"},
		{"whose time has expired is not counted", []string{posts("sanitation", 6, 10),
			"update personal.member set expires_at = catalog.today()"},
			"1000", "sanitation=<5 municipal=<5 greening=<5 traffic_police=<5 volunteer=<5 total=0–20"},
		{"who joins tomorrow is not counted, who joined today is",
			[]string{posts("sanitation", 6, 10), posts("municipal", 6, 10),
				"update personal.member set joined_on = catalog.today() + case trade when 'sanitation' then 1 else 0 end"},
			"1000", "sanitation=<5 municipal=5–9 greening=<5 traffic_police=<5 volunteer=<5 total=5–25"},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			s, conn := open(t)
			pgtest.Exec(t, conn, append([]string{stationAtCentre, confirmed}, c.setup...)...)
			if got := shown(t, s, map[string]string{"station": "ST-001", "radius_m": c.radius}); got != c.want {
				t.Errorf("got  %s\nwant %s", got, c.want)
			}
		})
	}
}

func TestMembersWithinTheCatchmentDrawnByHand(t *testing.T) {
	t.Parallel()
	s, conn := open(t)
	pgtest.Exec(t, conn, stationAtCentre, posts("sanitation", 9, 2000), posts("municipal", 7, 100),
		`insert into city.catchment (code, station, kind, geom) values ('CA-001', 'ST-001', 'drawn',
			st_multi(st_setsrid(st_makeenvelope(112.535, 32.99, 112.56, 33.01), 4326)))`, confirmed)
	circle := shown(t, s, map[string]string{"station": "ST-001"})
	drawn := shown(t, s, map[string]string{"station": "ST-001", "area": "catchment"})
	if !strings.HasPrefix(circle, "sanitation=<5 municipal=5–9") ||
		!strings.HasPrefix(drawn, "sanitation=5–9 municipal=<5") {
		t.Errorf("circle: %s\ndrawn: %s", circle, drawn)
	}
}

func TestAskRefusesClearly(t *testing.T) {
	t.Parallel()
	s, conn := open(t)
	pgtest.Exec(t, conn, stationAtCentre)
	cases := []struct {
		name, question string
		given          map[string]string
		kind           error
		says           string
	}{
		{"an unknown question", "members_withn", nil, geo.ErrNotFound, `"members_withn"`},
		{"an unknown station", "members_within", map[string]string{"station": "ST-999"}, geo.ErrNotFound, `"ST-999"`},
		{"a radius of one's own", "members_within", map[string]string{"station": "ST-001", "radius_m": "700"},
			geo.ErrInvalid, "500, 1000 or 1500"},
		{"a radius that is not a number", "members_within", map[string]string{"station": "ST-001", "radius_m": "1 km"},
			geo.ErrInvalid, `"radius_m"`},
		{"a missing parameter", "members_within", nil, geo.ErrInvalid, `"station" is missing`},
		{"a misspelt parameter", "members_within", map[string]string{"station": "ST-001", "radius": "500"},
			geo.ErrInvalid, `did you mean "radius_m"`},
		{"a statement in a value", "members_within", map[string]string{"station": "'; drop table city.station; --"},
			geo.ErrNotFound, `station "'; drop table`},
		{"a date that is none", "wall_progress", map[string]string{"as_of": "2021-02-30"}, geo.ErrInvalid, `"as_of"`},
		{"latitude first", "nearest_stations", map[string]string{"lon": "33", "lat": "112.5"}, geo.ErrInvalid,
			"degrees"},
		{"too many", "nearest_stations", map[string]string{"lon": "112.5", "lat": "33", "count": "1000"},
			geo.ErrInvalid, "1 to 20"},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			_, err := s.Ask(context.Background(), ledger.Asking{Question: c.question, Given: c.given})
			if !errors.Is(err, c.kind) || !strings.Contains(fmt.Sprint(err), c.says) {
				t.Errorf("got %v, want %v that says %q", err, c.kind, c.says)
			}
		})
	}
}

func TestAQuestionOfAnAnalystIsPublishedAtOnce(t *testing.T) {
	t.Parallel()
	s, conn := open(t)
	pgtest.Exec(t, conn, stationAtCentre,
		`create function ask.stations_named(part text, above integer default 0) returns table (code text, "名称" text)
			language sql stable as $$ select code, name from city.station where name like '%' || part || '%' and gid > above $$`,
		`comment on function ask.stations_named(text, integer) is '按名称查驿站 | Stations by name
part: 名称的一部分 | part of the name'`)
	q, err := s.Question(context.Background(), "stations_named")
	if err != nil {
		t.Fatal(err)
	}
	if q.Title.EN != "Stations by name" || q.Parameters[0].Title.ZH != "名称的一部分" || !q.Parameters[0].Required ||
		q.Parameters[1].Required {
		t.Errorf("published as %+v", q)
	}
	answer, err := s.Ask(context.Background(), ledger.Asking{Question: "stations_named",
		Given: map[string]string{"part": "人民"}})
	if err != nil {
		t.Fatal(err)
	}
	var csv strings.Builder
	if err := answer.CSV(&csv); err != nil {
		t.Fatal(err)
	}
	if want := "\ufeffcode,名称\nST-001,人民路驿站\n"; csv.String() != want {
		t.Errorf("got %q, want %q", csv.String(), want)
	}
}

func TestAQuestionCanNeitherWriteNorReadPersons(t *testing.T) {
	t.Parallel()
	s, conn := open(t)
	pgtest.Exec(t, conn, stationAtCentre,
		"create function ask.write() returns void language sql as $$ delete from city.station $$",
		"create function ask.persons() returns setof personal.member language sql as $$ select * from "+
			"personal.member $$")
	for _, name := range []string{"write", "persons"} {
		if _, err := s.Ask(context.Background(), ledger.Asking{Question: name}); err == nil {
			t.Errorf("ask.%s was answered", name)
		}
	}
}

func TestWallProgressCountsAsOfADay(t *testing.T) {
	t.Parallel()
	s, conn := open(t)
	pgtest.Exec(t, conn, `insert into city.wall_site (code, adcode, batch, kind, status, status_since, accepted_on, due, geom)
		select 'W' || i, '411302', 1, 'wall', status, since::date, accepted::date, '2021-06-30',
			'SRID=4326;MULTILINESTRING((112.5 33, 112.51 33))'
		from (values (1, 'accepted', '2021-05-01', '2021-05-01'), (2, 'handed_over', '2021-06-20', '2021-06-01'),
			(3, 'demolishing', '2021-06-10', null), (4, 'surveyed', '2020-03-12', null), (5, 'cancelled', '2021-01-01', null)) v(i, status, since, accepted)`)
	for _, c := range []struct{ name, day, want string }{
		{"before anything was accepted", "2021-04-30",
			`"total": 5, "accepted": 0, "not_started": 1, "unknown": 3, "overdue": 0`},
		{"between two acceptances", "2021-05-15",
			`"total": 5, "accepted": 1, "not_started": 1, "unknown": 2, "overdue": 0`},
		{"on the day it is due", "2021-06-30",
			`"total": 5, "accepted": 2, "not_started": 1, "unknown": 0, "overdue": 0`},
		{"the day after", "2021-07-01", `"total": 5, "accepted": 2, "not_started": 1, "unknown": 0, "overdue": 2`},
	} {
		t.Run(c.name, func(t *testing.T) {
			answer, err := s.Ask(context.Background(), ledger.Asking{Question: "wall_progress",
				Given: map[string]string{"as_of": c.day}})
			if err != nil {
				t.Fatal(err)
			}
			row := map[string]any{}
			if err := json.Unmarshal(answer.Rows[0], &row); err != nil {
				t.Fatal(err)
			}
			got := fmt.Sprintf(`"total": %v, "accepted": %v, "not_started": %v, "unknown": %v, "overdue": %v`,
				row["total"], row["accepted"], row["not_started"], row["unknown"], row["overdue"])
			if got != c.want {
				t.Errorf("got %s\nwant %s", got, c.want)
			}
			if row["target"] != 177.0 {
				t.Errorf("the target is %v", row["target"])
			}
		})
	}
}
