package server_test

import (
	"encoding/json"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/paulmach/orb/encoding/mvt"

	"yizhan/geo"
)

const twoStations = `insert into city.station (code, name, status, geom) values
	('ST-001', '人民路驿站', 'open', 'SRID=4326;POINT(112.5300 33.0000)'),
	('ST-002', '建设路驿站', 'closed', 'SRID=4326;POINT(112.5310 33.0005)')`

// tileOfStations is the address of their tile at a zoom, in a datum.
func tileOfStations(z uint8, d geo.Datum, query string) string {
	p, err := geo.Project(112.5305, 33.0002)
	if err != nil {
		panic(err)
	}
	p = d.Shift(p)
	at := geo.Tile{Z: z, X: p.X() >> (32 - z), Y: p.Y() >> (32 - z)}
	return "/tiles/station/" + at.String() + ".mvt?" + query
}

// shown is the properties of the tile's features by station.
func shown(t *testing.T, body string) map[string]map[string]any {
	t.Helper()
	layers, err := mvt.Unmarshal([]byte(body))
	if err != nil {
		t.Fatal(err)
	}
	found := map[string]map[string]any{}
	for _, l := range layers {
		for _, f := range l.Features {
			code, _ := f.Properties["code"].(string)
			found[code] = f.Properties
		}
	}
	return found
}

func TestAViewShowsWhatWasAskedForAndNothingElse(t *testing.T) {
	t.Parallel()
	r := start(t, twoStations)
	for _, c := range []struct {
		query string
		codes string
		has   string
		lacks string
	}{
		{"", "ST-001 ST-002", "name", ""},
		{"filter=" + url.QueryEscape("status = 'open'"), "ST-001", "name", ""},
		{"filter=" + url.QueryEscape("status IN ('closed') AND name LIKE '建设%'"), "ST-002", "name", ""},
		{"filter=" + url.QueryEscape("area_m2 > 0"), "", "", ""},
		{"columns=code", "ST-001 ST-002", "code", "name"},
		{"columns=code,status&filter=" + url.QueryEscape("NOT status = 'open'"), "ST-002", "status", "name"},
		{"datum=gcj02", "ST-001 ST-002", "name", ""},
		{"datum=wgs84", "ST-001 ST-002", "name", ""},
	} {
		datum := geo.Datum("")
		if strings.Contains(c.query, "gcj02") {
			datum = geo.GCJ02
		}
		got := r.get(t, "GET", tileOfStations(15, datum, c.query))
		features := shown(t, got.body)
		var codes []string
		for _, code := range []string{"ST-001", "ST-002"} {
			if p, there := features[code]; there {
				codes = append(codes, code)
				if p[c.has] == nil || c.lacks != "" && p[c.lacks] != nil {
					t.Errorf("%s: %s has %v", c.query, code, p)
				}
			}
		}
		if strings.Join(codes, " ") != c.codes {
			t.Errorf("%s: shows %v, want %s (status %d)", c.query, codes, c.codes, got.status)
		}
	}
}

func TestAWrongViewIsRefusedWithTheReason(t *testing.T) {
	t.Parallel()
	r := start(t, twoStations)
	for query, say := range map[string]string{
		"filter=" + url.QueryEscape("colour = 'red'"): "has no field colour",
		"filter=" + url.QueryEscape("status = "):      "character 10",
		"columns=nmae":                                "name",
		"datum=mars":                                  "wgs84, gcj02 or bd09",
		"filtr=x":                                     "filter",
		"columns=code&columns=name":                   "once",
	} {
		for _, path := range []string{tileOfStations(15, "", query), "/tiles/station.json?" + query} {
			got := r.get(t, "GET", path)
			if got.status != 400 || !strings.Contains(got.body, say) {
				t.Errorf("%s: %d %s", path, got.status, got.body)
			}
		}
	}
}

func TestTheTileJSONOfAViewLeadsToItsTiles(t *testing.T) {
	t.Parallel()
	r := start(t, twoStations)
	got := r.get(t, "GET", "/tiles/station.json?datum=bd09&columns=code&filter="+url.QueryEscape("status='open'"))
	var about struct {
		Tiles  []string
		Bounds []float64
		Budget []map[string]int
		Layers []struct{ Fields map[string]string } `json:"vector_layers"`
	}
	if err := json.Unmarshal([]byte(got.body), &about); err != nil {
		t.Fatal(err)
	}
	if u, err := url.Parse(about.Tiles[0]); err != nil || u.Query().Get("filter") != "status = 'open'" ||
		u.Query().Get("datum") != "bd09" {
		t.Errorf("tiles at %s", about.Tiles[0])
	}
	if about.Bounds[0] < 112.535 || about.Layers[0].Fields["name"] != "" || about.Layers[0].Fields["code"] == "" ||
		len(about.Budget) == 0 {
		t.Errorf("it says %s", got.body)
	}
}

func TestAnExplanationSaysWhereTheBytesGo(t *testing.T) {
	t.Parallel()
	r := start(t, twoStations)
	path := strings.Replace(tileOfStations(15, "", ""), ".mvt?", "/explain", 1)
	got := r.get(t, "GET", path)
	var said struct {
		Bytes  int
		Layers []struct {
			Scanned, Drawn, Bytes int
			Parts                 struct {
				Geometry, Rest int
				Attributes     map[string]int
			}
		}
	}
	if err := json.Unmarshal([]byte(got.body), &said); err != nil || len(said.Layers) != 1 {
		t.Fatalf("%v: %s", err, got.body)
	}
	l := said.Layers[0]
	sum := l.Parts.Geometry + l.Parts.Rest
	for _, n := range l.Parts.Attributes {
		sum += n
	}
	if l.Scanned != 2 || l.Drawn != 2 || l.Parts.Attributes["name"] < 30 || said.Bytes-sum > 8 || sum > said.Bytes {
		t.Errorf("it says %s", got.body)
	}
}

func TestAViewOfThePastShowsWhatWasThereAndWhatBecameOfIt(t *testing.T) {
	t.Parallel()
	r := start(t, twoStations)
	var before time.Time
	wait := "select pg_sleep_until(date_trunc('second', clock_timestamp()) + interval '1 s'), date_trunc('second', " +
		"clock_timestamp())"
	if err := r.conn.QueryRow(t.Context(), wait).Scan(nil, &before); err != nil { // a moment is a whole second
		t.Fatal(err)
	}
	r.commit(t, "update city.station set name = '新华路驿站' where code = 'ST-002'")
	token := r.commit(t, "delete from city.station where code = 'ST-001'")
	then := url.QueryEscape(before.Format(time.RFC3339Nano))
	for query, want := range map[string]map[string]any{
		"":                 {"ST-002": nil},
		"as_of=" + then:    {"ST-001": nil, "ST-002": nil},
		"as_of=2999-01-01": {"ST-002": nil},
		"from=" + then:     {"ST-001": "removed", "ST-002": "changed"},
		"from=" + then + "&filter=" + url.QueryEscape("change = 'removed'"): {"ST-001": "removed"},
	} {
		got := r.get(t, "GET", tileOfStations(15, "", "at="+token+"&"+query))
		features := shown(t, got.body)
		if len(features) != len(want) {
			t.Errorf("%s shows %v (status %d %.200s)", query, features, got.status, got.body)
		}
		for code, change := range want {
			if p, there := features[code]; !there || p["change"] != change {
				t.Errorf("%s: %s is %v, want %v", query, code, p, change)
			}
		}
	}
	for query, say := range map[string]string{
		"as_of=2001-01-01": "starts at", "as_of=soon": "write a day", "to=2024-01-01": "to needs from",
		"as_of=2024-01-01&from=2024-01-01": "one or the other", "from=2999-01-01": "is in the future",
	} {
		if got := r.get(t, "GET", tileOfStations(15, "", query)); got.status != 400 ||
			!strings.Contains(got.body, say) {
			t.Errorf("%s: %d %s", query, got.status, got.body)
		}
	}
}
