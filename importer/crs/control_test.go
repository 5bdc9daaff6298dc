package crs

import (
	"errors"
	"fmt"
	"math"
	"os/exec"
	"strings"
	"testing"

	"yizhan/geo"
)

// turned are places of a survey that lies at 38,361 km east, was turned by an
// angle (radians), scaled and shifted.
func turned(angle, scale float64, at ...[2]float64) (points []Control) {
	sin, cos := math.Sincos(angle)
	for _, p := range at {
		points = append(points, Control{FromE: 38_361_000 + p[0], FromN: 3_652_000 + p[1],
			ToE: 361_100.25 + scale*(cos*p[0]-sin*p[1]), ToN: 3_652_060.5 + scale*(sin*p[0]+cos*p[1])})
	}
	return points
}

func TestFit(t *testing.T) {
	corners := [][2]float64{{0, 0}, {8000, 100}, {7900, 6000}, {-200, 6100}}
	for _, test := range []struct {
		what         string
		angle, scale float64
	}{{"a shift", 0, 1}, {"a turn of two seconds", 2. / 3600 * math.Pi / 180, 1}, {"a turn of a right angle",
		math.Pi / 2, 1}, {"a scale of 20 ppm", 0.001, 1.00002}} {
		points := turned(test.angle, test.scale, corners...)
		fit, residuals, err := Fit(points)
		if err != nil || len(residuals) != len(points) {
			t.Errorf("%s: %v", test.what, err)
			continue
		}
		for i, p := range points {
			e, n := fit.Apply(p.FromE, p.FromN)
			if off := math.Hypot(e-p.ToE, n-p.ToN); off > 1e-6 || residuals[i] > 1e-6 {
				t.Errorf("%s: point %d is %g m off, residual %g", test.what, i+1, off, residuals[i])
			}
		}
		// a place between, which is not a control point
		between := turned(test.angle, test.scale, [2]float64{4000, 3000})[0]
		if e, n := fit.Apply(between.FromE, between.FromN); math.Hypot(e-between.ToE, n-between.ToN) > 1e-6 {
			t.Errorf("%s: a place between is off", test.what)
		}
	}
}

func TestFitSharesOutErrors(t *testing.T) {
	points := turned(0.001, 1, [2]float64{0, 0}, [2]float64{8000, 0}, [2]float64{8000, 6000}, [2]float64{0, 6000})
	points[2].ToE += 0.4
	_, residuals, err := Fit(points)
	if err != nil || residuals[2] < 0.1 || residuals[2] > 0.4 || residuals[0] == 0 {
		t.Errorf("residuals %v (%v)", residuals, err)
	}
}

func TestFitRefuses(t *testing.T) {
	square := [][2]float64{{0, 0}, {8000, 0}, {8000, 6000}, {0, 6000}, {4000, 3000}}
	wrong := turned(0, 1, square...)
	wrong[3].ToN += 30
	swapped := turned(0, 1, square...)
	for i, p := range swapped {
		swapped[i].FromE, swapped[i].FromN = p.FromN, p.FromE
	}
	unknown := turned(0, 1, square...)
	unknown[1].ToE = math.NaN()
	far := turned(0, 1, square...)
	far[0].FromE = 1e300
	for _, test := range []struct {
		what   string
		points []Control
		says   string
	}{
		{"none", nil, "at least 3"},
		{"two", turned(0, 1, square[:2]...), "at least 3"},
		{"three in one place", turned(0, 1, square[0], square[0], square[0]), "too close together"},
		{"three on a line", turned(0, 1, [2]float64{0, 0}, [2]float64{1000, 1000}, [2]float64{5000, 5000.5}),
			"one line"},
		{"one mistyped by 30 m", wrong, "control point 4"},
		{"northing before easting", swapped, "easting before northing"},
		{"feet", turned(0, 3.2808, square...), "scale"},
		{"no number", unknown, "control point 2"},
		{"out of the world", far, "control point"},
	} {
		_, _, err := Fit(test.points)
		if !errors.Is(err, geo.ErrInvalid) || !strings.Contains(err.Error(), test.says) {
			t.Errorf("%s: %v", test.what, err)
		}
	}
}

func TestParseControl(t *testing.T) {
	want := []ControlPoint{{38361899.844, 3652902.318, 112.5224433, 32.9926469}, {1, 2, 3, 4}, {-5, 6e3, -7, 8}}
	for what, text := range map[string]string{
		"commas": "38361899.844,3652902.318,112.5224433,32.9926469\n1,2,3,4\n-5,6e3,-7,8",
		"a heading and a BOM": "\ufefffrom_e,from_n,to_lon,to_lat\r\n38361899.844, 3652902.318, 112.5224433, " +
			"32.9926469\r\n1,2,3,4\r\n-5,6e3,-7,8\r\n",
		"a heading in Chinese": "原横坐标，原纵坐标，经度，纬度\n38361899.844，3652902.318，112.5224433，32.9926469\n1 2 3 4\n-5 6e3 " +
			"-7 8\n",
		"blanks and notes": "# stones\n\n38361899.844\t3652902.318\t112.5224433\t32.9926469\n1  2  3  " +
			"4\n\n-5;6e3;-7;8\n",
		"quotes": "e,n,lon,lat\n\"38361899.844\",\"3652902.318\",112.5224433,32.9926469\n1,2,3,4\n-5,6e3,-7,8",
	} {
		got, err := ParseControl(strings.NewReader(text))
		if err != nil || len(got) != len(want) {
			t.Errorf("%s: %v (%v)", what, got, err)
			continue
		}
		for i := range want {
			if got[i] != want[i] {
				t.Errorf("%s: line %d is %v", what, i+1, got[i])
			}
		}
	}
}

func TestParseControlRefuses(t *testing.T) {
	for _, test := range []struct{ what, text, says string }{
		{"empty", "", "at least 3"},
		{"two points", "1,2,3,4\n1,2,3,4", "at least 3"},
		{"three numbers", "1,2,3\n", "line 1"},
		{"a word later", "1,2,3,4\n1,2,x,4\n", `line 2: "x"`},
		{"nan", "e,n,lon,lat\n1,2,nan,4", "line 2"},
		{"two headings", "a,b,c,d\ne,f,g,h\n", "line 2"},
		{"latitude first", "1,2,32.99,112.52\n", "longitude comes first"},
		{"a line without end", "1,2,3,4\n" + strings.Repeat("9", 1<<20), "line 2 is longer"},
		{"too many", strings.Repeat("1,2,3,4\n", mostControls+1), "more than"},
	} {
		_, err := ParseControl(strings.NewReader(test.text))
		if !errors.Is(err, geo.ErrInvalid) || !strings.Contains(err.Error(), test.says) || len(err.Error()) > 500 {
			t.Errorf("%s: %v", test.what, err)
		}
	}
}

func TestParseShift(t *testing.T) {
	for text, want := range map[string]string{
		"24.1,-123.5,-94.2":                      "+towgs84=24.1,-123.5,-94.2",
		" 24.1, -123.5 , -94.2 ":                 "+towgs84=24.1,-123.5,-94.2",
		"24.1，-123.5，-94.2":                      "+towgs84=24.1,-123.5,-94.2",
		"24.1,-123.5,-94.2,0.02,-0.26,-0.13,1.1": "+towgs84=24.1,-123.5,-94.2,0.02,-0.26,-0.13,1.1",
		"0,0,0":                                  "+towgs84=0,0,0",
		"0,0,0,0,0,0,0":                          "+towgs84=0,0,0,0,0,0,0",
	} {
		s, err := ParseShift(text)
		if err != nil || s.PROJ() != want {
			t.Errorf("%q is %q (%v)", text, s.PROJ(), err)
		}
	}
	for _, test := range []struct{ text, says string }{
		{"", "1 numbers"}, {"1,2", "2 numbers"}, {"1,2,3,4", "4 numbers"}, {"1,2,3,4,5,6,7,8", "8 numbers"},
		{"1,x,3", "value 2"}, {"1,nan,3", "value 2"}, {"1,2,1e999", "value 3"}, {"0x10,1,1", "value 1"},
		{"1,-1000,3", "metres"}, {"1,2,3,60,5,6,7", "arc seconds"}, {"1,2,3,4,5,6,-100", "ppm"},
		{strings.Repeat("1,", 1<<20), "numbers"},
	} {
		if _, err := ParseShift(test.text); !errors.Is(err, geo.ErrInvalid) ||
			!strings.Contains(err.Error(), test.says) || len(err.Error()) > 500 {
			t.Errorf("%.40q: %v", test.text, err)
		}
	}
}

func TestShiftedSurveysAreNotRefused(t *testing.T) {
	shift, err := ParseShift("15.8,-154.4,-82.3")
	if err != nil {
		t.Fatal(err)
	}
	for name, want := range map[string]string{
		"EPSG:2383": "+proj=tmerc +lat_0=0 +lon_0=114 +k=1 +x_0=500000 +y_0=0 +a=6378140 +rf=298.257 +units=m " +
			"+towgs84=15.8,-154.4,-82.3 +no_defs",
		"EPSG:2414": "+proj=tmerc +lat_0=0 +lon_0=114 +k=1 +x_0=38500000 +y_0=0 +ellps=krass +units=m " +
			"+towgs84=15.8,-154.4,-82.3 +no_defs",
		"EPSG:4214": "+proj=longlat +ellps=krass +towgs84=15.8,-154.4,-82.3 +no_defs",
		"+proj=tmerc +lon_0=112.5 +x_0=0 +ellps=krass +no_defs": "+proj=tmerc +lon_0=112.5 +x_0=0 +ellps=krass " +
			"+towgs84=15.8,-154.4,-82.3 +no_defs",
		"+proj=tmerc +lon_0=112.5 +x_0=0 +ellps=krass": "+proj=tmerc +lon_0=112.5 +x_0=0 +ellps=krass " +
			"+towgs84=15.8,-154.4,-82.3 +no_defs",
	} {
		before := mustParse(t, name)
		s, err := shift.On(before)
		if err != nil || s.PROJ != want || s.EPSG != 0 || s.Name != name || Refuse(s) != nil || !equivalent(s, before) {
			t.Errorf("%s: %+v (%v)", name, s, err)
		}
	}
	if _, err := shift.On(mustParse(t, "EPSG:4547")); !errors.Is(err, geo.ErrInvalid) {
		t.Errorf("CGCS2000 is shifted: %v", err)
	}
}

// TestPROJTakesShifts asks PROJ to carry a shift out. How far a place moves east
// and north for a shift of the earth's centre is school geometry.
func TestPROJTakesShifts(t *testing.T) {
	if _, err := exec.LookPath("cs2cs"); err != nil {
		t.Skip("SKIPPED, NOT TESTED: no cs2cs")
	}
	where := func(shift string) (lon, lat float64) {
		parsed, err := ParseShift(shift)
		if err != nil {
			t.Fatal(err)
		}
		s, err := parsed.On(mustParse(t, "EPSG:2414"))
		if err != nil {
			t.Fatal(err)
		}
		ask := exec.Command("cs2cs", append(append([]string{"-f", "%.10f"}, strings.Fields(s.PROJ)...), "+type=crs",
			"+to", "EPSG:4326")...)
		ask.Stdin = strings.NewReader("38361899.844 3652902.318\n")
		answer, err := ask.Output()
		if _, scanned := fmt.Sscan(string(answer), &lat, &lon); err != nil || scanned != nil {
			t.Fatalf("%s: %q %v", s.PROJ, answer, errors.Join(err, scanned))
		}
		return lon, lat
	}
	lon0, lat0 := where("0,0,0")
	const dx, dy, dz = 15.8, -154.4, -82.3
	lon, lat := where("15.8,-154.4,-82.3")
	sinLon, cosLon := math.Sincos(lon0 * math.Pi / 180)
	sinLat, cosLat := math.Sincos(lat0 * math.Pi / 180)
	east, north := -sinLon*dx+cosLon*dy, -sinLat*(cosLon*dx+sinLon*dy)+cosLat*dz
	movedE, movedN := (lon-lon0)*earth*cosLat, (lat-lat0)*earth
	t.Logf("moved %.2f m east and %.2f m north", movedE, movedN)
	if math.Abs(movedE-east) > 0.5 || math.Abs(movedN-north) > 0.5 {
		t.Errorf("moved %.2f m east and %.2f m north, want %.2f and %.2f", movedE, movedN, east, north)
	}
}

func FuzzParseControl(f *testing.F) {
	f.Add("from_e,from_n,to_lon,to_lat\n38361899.844,3652902.318,112.5224433,32.9926469\n38370000,3652000,112.6,32.98\n38365000,3660000,112.55,33.06\n")
	f.Add("# \n1 2 3 4\n1 2 3 4\n1 2 3 4")
	f.Fuzz(func(t *testing.T, text string) {
		rows, err := ParseControl(strings.NewReader(text))
		if err != nil {
			if !errors.Is(err, geo.ErrInvalid) {
				t.Fatal(err)
			}
			return
		}
		var points []Control
		for _, r := range rows {
			points = append(points, Control{r.FromE, r.FromN, r.Lon * 1e5, r.Lat * 1e5})
		}
		fit, residuals, err := Fit(points)
		if err == nil && (!finite(fit.A+fit.XOff+fit.YOff) || len(residuals) != len(points)) {
			t.Fatalf("%+v %v", fit, residuals)
		}
	})
}

func FuzzParseShift(f *testing.F) {
	f.Add("24.1,-123.5,-94.2,0.02,-0.26,-0.13,1.1")
	f.Add("1,2,3")
	f.Fuzz(func(t *testing.T, text string) {
		s, err := ParseShift(text)
		if err != nil {
			return
		}
		if again, err := ParseShift(strings.TrimPrefix(s.PROJ(), "+towgs84=")); err != nil || again != s {
			t.Fatalf("%q is %+v, read again as %+v (%v)", text, s, again, err)
		}
	})
}
