package crs

import (
	"encoding/binary"
	"encoding/csv"
	"encoding/json"
	"errors"
	"math"
	"math/rand/v2"
	"strconv"
	"strings"
	"testing"

	"golang.org/x/text/encoding/simplifiedchinese"

	"yizhan/geo"
)

// nanyang is the city in degrees.
var nanyang = Box{110.97, 32.28, 113.81, 33.80}

// candidates are where Nanyang lies in what Surveyed names for it, as PROJ 9.1.1
// (cs2cs) has its corners and the middle of its edges.
func candidates(t testing.TB) []Candidate {
	t.Helper()
	boxes := map[string]Box{
		"EPSG:4326": nanyang,
		"EPSG:3857": {12353123.9, 3800121.4, 12669271.2, 4001978.4},
		"EPSG:4545": {775071.5, 3576777.1, 1047735.8, 3756693.3},
		"EPSG:4546": {497173.9, 3572901.8, 764761.6, 3745029.2},
		"EPSG:4547": {214501.7, 3572917.3, 482405.8, 3745607.6},
	}
	boxes["EPSG:4508"] = boxes["EPSG:4546"]
	for prefixed, like := range map[string]struct {
		zone  float64
		plain string
	}{"EPSG:4524": {36, "EPSG:4545"}, "EPSG:4525": {37, "EPSG:4546"}, "EPSG:4526": {38, "EPSG:4547"}, "EPSG:4497": {19,
		"EPSG:4508"}} {
		b := boxes[like.plain]
		boxes[prefixed] = Box{b.West + like.zone*1e6, b.South, b.East + like.zone*1e6, b.North}
	}
	var found []Candidate
	for _, s := range Surveyed(nanyang) {
		box, ok := boxes[s.Name]
		if !ok {
			t.Fatalf("Surveyed names %s, whose box is not in this test", s.Name)
		}
		found = append(found, Candidate{s, box})
	}
	if len(found) != len(boxes) {
		t.Fatalf("Surveyed names %d systems, want %d", len(found), len(boxes))
	}
	return found
}

// A survey is a hundred places of the city's middle, as numbers.
func survey(move func(lon, lat float64) (float64, float64), axes Axes) Numbers {
	return surveyIn(Box{112.2, 32.8, 112.7, 33.2}, move, axes)
}

func surveyIn(box Box, move func(lon, lat float64) (float64, float64), axes Axes) (n Numbers) {
	r := rand.New(rand.NewPCG(5, 6))
	for range 100 {
		e, north := move(box.West+r.Float64()*(box.East-box.West), box.South+r.Float64()*(box.North-box.South))
		if axes == NorthFirst {
			e, north = north, e
		}
		n.X, n.Y = append(n.X, e), append(n.Y, north)
	}
	return n
}

func (n Numbers) with(more Numbers, count int) Numbers {
	return Numbers{append(n.X[:len(n.X):len(n.X)], more.X[:count]...),
		append(n.Y[:len(n.Y):len(n.Y)], more.Y[:count]...)}
}

func mercator(lon, lat float64) (float64, float64) {
	return lon * math.Pi / 180 * axis, math.Asinh(math.Tan(lat*math.Pi/180)) * axis
}

var (
	cm111  = grid{111, 500_000}
	cm114  = grid{114, 500_000}
	zone37 = grid{111, 37_500_000}
	zone38 = grid{114, 38_500_000}
	zone19 = grid{111, 19_500_000}
	own    = grid{112.5, 500_000}
)

func mustParse(t testing.TB, name string) System {
	t.Helper()
	s, err := Parse(name)
	if err != nil {
		t.Fatal(err)
	}
	return s
}

// A deciding is a case of Decide: the numbers, what is said of them and where, and
// what comes of it.
type deciding struct {
	what    string
	numbers Numbers
	said    string // system, "" for none
	where   string
	name    string // of the placement, or "?" and the readings of the question
	axes    Axes
	says    string // in How, the warnings or the question
}

// seat is the middle of the city, about 112.5°E.
func seat() Box { return Box{112.45, 32.95, 112.58, 33.05} }

func TestNumbersDecide(t *testing.T) {
	decide(t, []deciding{
		{"zone 38 with prefix", survey(zone38.project, EastFirst), "", "", "EPSG:4526", EastFirst,
			"contain zone prefix 38"},
		{"zone 38 with prefix, northing first", survey(zone38.project, NorthFirst), "", "", "EPSG:4526", NorthFirst,
			"northing"},
		{"zone 37 with prefix", survey(zone37.project, EastFirst), "", "", "EPSG:4525", EastFirst, "prefix 37"},
		{"zone 19 of 6 degrees with prefix", survey(zone19.project, EastFirst), "", "", "EPSG:4497", EastFirst,
			"prefix 19"},
		{"114°E without prefix", survey(cm114.project, EastFirst), "", "", "EPSG:4547", EastFirst,
			"central meridian 114°E"},
		{"114°E without prefix, northing first", survey(cm114.project, NorthFirst), "", "", "EPSG:4547", NorthFirst,
			"northing"},
		{"111°E without prefix", survey(cm111.project, EastFirst), "", "", "EPSG:4546", EastFirst,
			"central meridian 111°E"},
		{"web Mercator", survey(mercator, EastFirst), "", "", "EPSG:3857", EastFirst, "12,4"},
		{"two of a hundred elsewhere", survey(zone38.project, EastFirst).with(Numbers{[]float64{0, 0}, []float64{0, 0}},
			2), "", "", "EPSG:4526", EastFirst, "Xian 1980"},
		{"not a number here and there", survey(zone38.project,
			EastFirst).with(Numbers{[]float64{math.NaN(), math.Inf(1), 1}, []float64{1, 1, math.NaN()}}, 3), "", "",
			"EPSG:4526", EastFirst, ""},
	})
}

func TestNumbersAsk(t *testing.T) {
	decide(t, []deciding{
		{"degrees", survey(degreesAsThey, EastFirst), "", "", "?wgs84 gcj02 bd09", EastFirst, "--crs gcj02"},
		{"degrees, latitude first", survey(degreesAsThey, NorthFirst), "", "", "?wgs84 gcj02 bd09", NorthFirst,
			"latitude comes first"},
		{"around 500 km, where 111°E and the own meridian both fit",
			surveyIn(Box{112.51, 32.9, 112.7, 33.1}, own.project, EastFirst), "", "", "?EPSG:4546 gk:112.5", EastFirst,
			"500,000"},
		{"around 500 km, over a gap of the national grids", surveyIn(seat(), own.project, EastFirst), "", "",
			"?gk:112.5", EastFirst, "--crs gk:112.5"},
		{"around 500 km, northing first", surveyIn(seat(), own.project, NorthFirst), "", "", "?gk:112.5", NorthFirst,
			"--crs gk:112.5"},
		{"zones 37 and 38 in one file", survey(zone37.project, EastFirst).with(survey(zone38.project, EastFirst), 40),
			"", "", "?EPSG:4525 EPSG:4526", "", "40 of the sampled points"},
		{"degrees and metres in one file", survey(degreesAsThey, EastFirst).with(survey(cm114.project, EastFirst), 50),
			"", "", "?EPSG:4326 EPSG:4547", "", "split the file"},
		{"Shanghai", surveyIn(Box{121, 31, 122, 32}, degreesAsThey, EastFirst), "", "", "?", "",
			"  EPSG:4547: easting 214,502 to 482,406"},
		{"millimetres", surveyIn(seat(),
			func(lon, lat float64) (float64, float64) { e, n := zone38.project(lon, lat); return e * 1000, n * 1000 },
			EastFirst), "", "", "?", "", "Beijing 1954"},
		{"zeroes", Numbers{[]float64{0, 0}, []float64{0, 0}}, "", "", "?", "", "--crs EPSG:4547"},
		{"no number at all", Numbers{[]float64{math.NaN()}, []float64{1}}, "", "", "?", "", "no coordinates"},
	})
}

func TestWhatIsSaidIsChecked(t *testing.T) {
	decide(t, []deciding{
		{"what is said fits", survey(cm114.project, EastFirst), "EPSG:4547", ".prj", "EPSG:4547", EastFirst,
			"given by .prj"},
		{"what is said fits, northing first", survey(cm114.project, NorthFirst), "EPSG:4547", ".prj", "EPSG:4547",
			NorthFirst, "swapped"},
		{"said degrees are swapped", survey(degreesAsThey, NorthFirst), "EPSG:4326", "RFC 7946", "EPSG:4326",
			NorthFirst, "swapped"},
		{"said CGCS2000 degrees are swapped", survey(degreesAsThey, NorthFirst), "cgcs2000", "crs", "EPSG:4490",
			NorthFirst, "swapped"},
		{"said GCJ-02 are swapped", survey(geo.GCJ02.FromWGS84, NorthFirst), "gcj02", ByPlanner, "gcj02", NorthFirst,
			"swapped"},
		{"said BD-09", survey(geo.BD09.FromWGS84, EastFirst), "bd09", ByPlanner, "bd09", EastFirst, "given by --crs"},
		{"said own meridian, which is not a candidate", surveyIn(seat(), own.project, EastFirst), "gk:112.5", ByPlanner,
			"gk:112.5", EastFirst, "given by --crs"},
		{"said own meridian, northing first", surveyIn(seat(), own.project, NorthFirst), "gk:112.5", ByPlanner,
			"gk:112.5", NorthFirst, "swapped"},
		{"said 111°E near the own meridian is believed", surveyIn(Box{112.51, 32.9, 112.7, 33.1}, own.project,
			EastFirst), "EPSG:4546", ".prj", "EPSG:4546", EastFirst, "given by .prj"},
		{"said 6 degrees is the grid of 3", survey(cm111.project, EastFirst), "EPSG:4508", ".prj", "EPSG:4508",
			EastFirst, "given by .prj"},
		{"said Xian 1980 is checked in its grid", survey(cm114.project, EastFirst), "EPSG:2383", ".prj", "EPSG:2383",
			EastFirst, "given by .prj"},
		{"said 114°E, looks like 111°E", survey(cm111.project, EastFirst), "EPSG:4547", ".prj", "?EPSG:4547 EPSG:4546",
			"", "gives EPSG:4547, but the coordinates look like EPSG:4546"},
		{"said without prefix, has it", survey(zone38.project, EastFirst), "EPSG:4547", ".prj", "?EPSG:4547 EPSG:4526",
			"", "--crs EPSG:4526 (by the numbers) or --crs EPSG:4547"},
		{"said degrees, are metres", survey(cm114.project, EastFirst), "EPSG:4326", "RFC 7946", "?EPSG:4326 EPSG:4547",
			"", "look like EPSG:4547"},
		{"said metres, are degrees", survey(degreesAsThey, EastFirst), "EPSG:4547", ".prj",
			"?EPSG:4547 wgs84 gcj02 bd09", "", "m from that point"},
		{"a planner is believed against the numbers", survey(zone38.project, EastFirst), "EPSG:4547", ByPlanner,
			"EPSG:4547", EastFirst, "look like"},
		{"fits nothing", surveyIn(Box{121, 31, 122, 32}, degreesAsThey, EastFirst), "EPSG:4326", "RFC 7946",
			"EPSG:4326", EastFirst, "100 points sampled, 100 outside the city"},
		{"what is said cannot be checked", survey(cm114.project, EastFirst), "EPSG:27700", ".prj", "EPSG:27700",
			EastFirst, "not checked"},
		{"nothing to check", Numbers{}, "EPSG:4547", ".prj", "EPSG:4547", EastFirst, "not checked"},
	})
}

func decide(t *testing.T, cases []deciding) {
	t.Helper()
	for _, test := range cases {
		t.Run(test.what, func(t *testing.T) {
			var said *System
			if test.said != "" {
				s := mustParse(t, test.said)
				said = &s
			}
			p, err := Decide(test.numbers, said, test.where, candidates(t))
			if names, asks := strings.CutPrefix(test.name, "?"); asks {
				asked(t, err, names, test.axes, test.says)
				return
			}
			text := p.Named().EN + ", " + p.How.EN
			for _, w := range p.Warnings {
				text += "\n" + w.EN
				if w.ZH == "" || strings.Contains(w.ZH+w.EN, "%!") {
					t.Errorf("warning %+v", w)
				}
			}
			if err != nil || p.Name != test.name || p.Axes != test.axes || !strings.Contains(text, test.says) {
				t.Errorf("%s %s: %s (%v)", p.Name, p.Axes, text, err)
			}
			if p.How.ZH == "" || strings.Contains(p.How.ZH+text, "%!") {
				t.Errorf("How is %+v", p.How)
			}
			t.Log(p.How, p.Warnings)
		})
	}
}

func degreesAsThey(lon, lat float64) (float64, float64) { return lon, lat }

// asked checks a question: its readings, its axes, and that typing what it
// proposes is understood.
func asked(t *testing.T, err error, names string, axes Axes, says string) {
	t.Helper()
	var q *Question
	if !errors.As(err, &q) || !errors.Is(err, geo.ErrInvalid) {
		t.Fatalf("no question: %v", err)
	}
	t.Log(q.Label().ZH + "\n" + q.Label().EN)
	var got []string
	for _, r := range q.Readings {
		got = append(got, r.System.Name)
		if _, err := Parse(r.System.Name); err != nil {
			t.Errorf("proposes %q, which is not read: %v", r.System.Name, err)
		}
	}
	if strings.Join(got, " ") != names || q.Axes != axes {
		t.Errorf("asks about %q %s, want %q %s", got, q.Axes, names, axes)
	}
	for _, text := range []string{q.Label().ZH, q.Label().EN} {
		lines := strings.Split(text, "\n")
		if len(lines) < 2 || !strings.Contains(lines[len(lines)-1], "--crs ") || strings.Contains(text, "%!") {
			t.Errorf("does not end with what to type: %s", text)
		}
	}
	if q.Error() != q.Label().EN || !strings.Contains(q.Error(), says) {
		t.Errorf("%s\ndoes not say %q", q.Error(), says)
	}
	if _, err := json.Marshal(q); err != nil {
		t.Error(err)
	}
}

// TestReadingsShowWhereTheFirstPointWouldBe: under GCJ-02 and BD-09 by the datum's
// own inverse, and in grids within some metres of what PROJ says.
func TestReadingsShowWhereTheFirstPointWouldBe(t *testing.T) {
	_, err := Decide(Numbers{[]float64{112.5283103}, []float64{32.9906692}}, nil, "", candidates(t))
	var q *Question
	if !errors.As(err, &q) || len(q.Readings) != 3 {
		t.Fatal(err)
	}
	for i, want := range [][2]float64{{112.5283103, 32.9906692}, {112.5224433, 32.9926469}} {
		if off := apart(q.Readings[i].First, want); off > 1 {
			t.Errorf("%s: %v, %.1f m off", q.Readings[i].System.Name, q.Readings[i].First, off)
		}
	}
	if off := apart(q.Readings[0].First, q.Readings[1].First); off < 550 || off > 650 ||
		!strings.Contains(q.Readings[1].Meaning.EN, " m from that point") {
		t.Errorf("GCJ-02 is %.0f m from WGS 84: %s", off, q.Readings[1].Meaning.EN)
	}
	for name, at := range map[string][2]float64{"EPSG:4546": {642295.891, 3652962.146},
		"EPSG:4525": {37642295.891, 3652962.146}, "EPSG:4547": {361899.844, 3652902.318},
		"EPSG:4526": {38361899.844, 3652902.318}, "EPSG:4497": {19642295.891, 3652962.146}} {
		got, ok := position(mustParse(t, name), at[0], at[1])
		if off := apart(got, [2]float64{112.5224433, 32.9926469}); !ok || off > 5 {
			t.Errorf("%s: %v, %.1f m off", name, got, off)
		}
	}
}

// TestRoughBoxes compares the rough boxes with PROJ's.
func TestRoughBoxes(t *testing.T) {
	for _, c := range candidates(t) {
		g, ok := gridOf(c.System)
		if !ok || g.meridian == 108 { // 6 degrees off, no place for a series
			continue
		}
		b := g.box(nanyang)
		for _, off := range []float64{b.West - c.City.West, b.South - c.City.South, b.East - c.City.East,
			b.North - c.City.North} {
			if math.Abs(off) > 20 {
				t.Errorf("%s: %+v, PROJ has %+v", c.Name, b, c.City)
			}
		}
	}
}

func TestOldDatumsAreRefused(t *testing.T) {
	for _, name := range []string{"EPSG:2383", "EPSG:2362", "EPSG:2414", "EPSG:21459", "EPSG:4610", "EPSG:4214"} {
		err := Refuse(mustParse(t, name))
		var q *Question
		if !errors.As(err, &q) || !errors.Is(err, geo.ErrInvalid) || !strings.Contains(q.Label().ZH, "控制点") ||
			!strings.Contains(q.Error(), "--shift") || !strings.Contains(q.Error(), "--control") {
			t.Errorf("%s: %v", name, err)
		}
	}
	for _, name := range []string{"EPSG:4547", "4326", "gcj02", "gk:112.5", "EPSG:27700"} {
		if err := Refuse(mustParse(t, name)); err != nil {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func TestSurveyedBoundsHostileCities(t *testing.T) {
	for _, city := range []Box{{}, {math.NaN(), math.NaN(), math.NaN(), math.NaN()}, {-180, -90, 180, 90},
		{math.Inf(-1), 0, math.Inf(1), 1}} {
		if n := len(Surveyed(city)); n < 2 || n > 100 {
			t.Errorf("%v has %d systems", city, n)
		}
	}
}

// TestMessyFiles decides the files that a bureau may bring.
func TestMessyFiles(t *testing.T) {
	var swapped struct {
		Features []struct {
			Geometry struct{ Coordinates [2]float64 }
		}
	}
	if err := json.Unmarshal(shared(t, "messy/seats_axis_swapped.geojson"), &swapped); err != nil {
		t.Fatal(err)
	}
	var n Numbers
	for _, f := range swapped.Features {
		n.X, n.Y = append(n.X, f.Geometry.Coordinates[0]), append(n.Y, f.Geometry.Coordinates[1])
	}
	wgs := mustParse(t, "wgs84")
	if p, err := Decide(n, &wgs, "RFC 7946", candidates(t)); err != nil || p.Axes != NorthFirst ||
		len(p.Warnings) != 1 {
		t.Errorf("swapped GeoJSON: %+v (%v)", p, err)
	}
	if p, err := Decide(points(t, "messy/seats_gbk_noprj_zone38.shp"), nil, "", candidates(t)); err != nil ||
		p.Name != "EPSG:4526" || p.Axes != EastFirst {
		t.Errorf("no .prj, zone 38: %+v (%v)", p, err)
	}
	said, err := FromWKT(string(shared(t, "messy/seats_utf8_prj_cm114.prj")))
	if err != nil {
		t.Fatal(err)
	}
	if p, err := Decide(points(t, "messy/seats_utf8_prj_cm114.shp"), &said, ".prj", candidates(t)); err != nil ||
		p.Name != "EPSG:4547" || len(p.Warnings) != 0 {
		t.Errorf("with .prj: %+v (%v)", p, err)
	}
	text, err := simplifiedchinese.GB18030.NewDecoder().Bytes(shared(t, "messy/seats_gcj02_gbk.csv"))
	if err != nil {
		t.Fatal(err)
	}
	rows, err := csv.NewReader(strings.NewReader(string(text))).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	n = Numbers{}
	for _, row := range rows[1:] {
		x, errX := strconv.ParseFloat(row[3], 64)
		y, errY := strconv.ParseFloat(row[4], 64)
		if err := errors.Join(errX, errY); err != nil {
			t.Fatal(err)
		}
		n.X, n.Y = append(n.X, x), append(n.Y, y)
	}
	_, err = Decide(n, nil, "", candidates(t))
	asked(t, err, "wgs84 gcj02 bd09", EastFirst, "gcj02")
}

// points are those of a shapefile (ESRI white paper of 1998, point records).
func points(t *testing.T, name string) (n Numbers) {
	t.Helper()
	for b := shared(t, name)[100:]; len(b) >= 28; b = b[28:] {
		n.X = append(n.X, math.Float64frombits(binary.LittleEndian.Uint64(b[12:])))
		n.Y = append(n.Y, math.Float64frombits(binary.LittleEndian.Uint64(b[20:])))
	}
	return n
}

// FuzzDecide: whatever the numbers and the city, there is a placement or a question.
func FuzzDecide(f *testing.F) {
	f.Add(112.5, 33.0, 112.6, 33.1, "", 110.97, 32.28)
	f.Add(38361899.8, 3652902.3, 38361999.8, 3652902.3, "EPSG:4547", 110.97, 32.28)
	f.Add(500000.0, 3652902.3, 501000.0, 3652902.3, "gk:112.5", 110.97, 32.28)
	f.Add(math.NaN(), math.Inf(1), 1e308, -1e308, "bd09", 180.0, 90.0)
	f.Fuzz(func(t *testing.T, x1, y1, x2, y2 float64, name string, west, south float64) {
		var said *System
		if s, err := Parse(name); err == nil {
			said = &s
		}
		city := Box{west, south, west + 2, south + 2}
		var where []Candidate
		for _, s := range Surveyed(city) {
			box := city
			if g, ok := gridOf(s); ok {
				box = g.box(city)
			}
			where = append(where, Candidate{s, box})
		}
		p, err := Decide(Numbers{[]float64{x1, x2, x1}, []float64{y1, y2}}, said, "crs", where)
		var q *Question
		if err == nil && (p.Name == "" || p.Axes == "") || err != nil && !errors.As(err, &q) {
			t.Fatalf("%+v %v", p, err)
		}
	})
}
