package geo_test

import (
	"encoding/json"
	"errors"
	"math"
	"math/rand/v2"
	"os"
	"testing"
	"time"

	"yizhan/geo"
)

// metres between two positions (degrees), on a sphere: good to 0.5 %.
func metres(lon1, lat1, lon2, lat2 float64) float64 {
	const perDegree = 6371008.8 * math.Pi / 180
	return perDegree * math.Hypot((lon1-lon2)*math.Cos(lat1*math.Pi/180), lat1-lat2)
}

func TestDatumsShowPublishedPoints(t *testing.T) {
	for _, test := range []struct {
		where                        string
		datum                        geo.Datum
		lon, lat, shownLon, shownLat float64
		within                       float64 // metres
	}{
		{"Shanghai, eviltransform", geo.GCJ02, 121.5272106, 31.1774276, 121.531541859215, 31.17530398364597, 0.001},
		{"Shenzhen, eviltransform", geo.GCJ02, 113.912316, 22.543847, 113.9171764808363, 22.540796131694766, 0.001},
		{"Beijing, eviltransform", geo.GCJ02, 116.377817, 39.911954, 116.38404722455657, 39.91334545536069, 0.001},
		{"Nanyang, gcoord", geo.GCJ02, 112.5224433, 32.9926469, 112.5283103, 32.9906692, 1},
		{"Nanyang, gcoord", geo.BD09, 112.5224433, 32.9926469, 112.53481, 32.9966367, 1},
		{"Paris is not bent", geo.GCJ02, 2.3522, 48.8566, 2.3522, 48.8566, 0},
		{"nor by Baidu", geo.BD09, 2.3522, 48.8566, 2.3522, 48.8566, 0},
		{"WGS 84 shows what is", geo.WGS84, 112.5224433, 32.9926469, 112.5224433, 32.9926469, 0},
		{"infinity stays", geo.GCJ02, math.Inf(1), 30, math.Inf(1), 30, 0},
	} {
		lon, lat := test.datum.FromWGS84(test.lon, test.lat)
		if off := metres(lon, lat, test.shownLon, test.shownLat); off > test.within {
			t.Errorf("%s: %s shows %v %v, want %v %v (%.4f m off)", test.where, test.datum, lon, lat, test.shownLon,
				test.shownLat, off)
		}
		lon, lat = test.datum.ToWGS84(test.shownLon, test.shownLat)
		if off := metres(lon, lat, test.lon, test.lat); off > test.within {
			t.Errorf("%s: %s back is %v %v, want %v %v (%.4f m off)", test.where, test.datum, lon, lat, test.lon,
				test.lat, off)
		}
	}
	if lon, lat := geo.BD09.ToWGS84(math.NaN(), math.NaN()); !math.IsNaN(lon) || !math.IsNaN(lat) {
		t.Errorf("NaN becomes %v %v", lon, lat)
	}
}

// TestDatumsComeBack tries positions all over the box, at its very edge, and
// around 105°E, where the formula has a root with an infinite slope.
func TestDatumsComeBack(t *testing.T) {
	const west, east, south, north = 72.004, 137.8347, 0.8293, 55.8271
	seed := uint64(time.Now().UnixNano())
	t.Logf("seed %d", seed)
	r := rand.New(rand.NewPCG(seed, 1))
	edge := func(low, high float64) float64 {
		switch near := math.Pow(10, -1-9*r.Float64()); r.IntN(4) {
		case 0:
			return low + near
		case 1:
			return high - near
		default:
			return low + r.Float64()*(high-low)
		}
	}
	worst := map[geo.Datum]float64{}
	for range 200_000 {
		lon, lat := edge(west, east), edge(south, north)
		if r.IntN(8) == 0 {
			lon = 105 + (r.Float64()-0.5)*math.Pow(10, -12*r.Float64())
		}
		for _, datum := range []geo.Datum{geo.GCJ02, geo.BD09, geo.WGS84} {
			there, where := datum.FromWGS84(lon, lat)
			backLon, backLat := datum.ToWGS84(there, where)
			off := metres(lon, lat, backLon, backLat)
			worst[datum] = max(worst[datum], off)
			if off > 0.001 {
				t.Fatalf("%s: %v %v comes back %g m off", datum, lon, lat, off)
			}
		}
	}
	t.Logf("worst way there and back, metres: %v", worst)
}

func TestDatumsLeaveAloneWhatIsFarOutside(t *testing.T) {
	r := rand.New(rand.NewPCG(3, 4))
	for range 10_000 {
		lon, lat := r.Float64()*360-180, r.Float64()*180-90
		if lon > 71.9 && lon < 138 && lat > 0.7 && lat < 56 {
			continue
		}
		for _, datum := range []geo.Datum{geo.GCJ02, geo.BD09} {
			if x, y := datum.FromWGS84(lon, lat); x != lon || y != lat {
				t.Fatalf("%s shows %v %v at %v %v", datum, lon, lat, x, y)
			}
			if x, y := datum.ToWGS84(lon, lat); x != lon || y != lat {
				t.Fatalf("%s takes %v %v back to %v %v", datum, lon, lat, x, y)
			}
		}
	}
}

// TestDatumsAgreeWithMapServices compares with what map providers answered for
// the seats of 332 cities (the file has each twice).
func TestDatumsAgreeWithMapServices(t *testing.T) {
	text, err := os.ReadFile("../../shared/data/crs/gcoord_china_cities.json")
	if err != nil {
		t.Skip("SKIPPED, NOT TESTED: no shared/data/crs/gcoord_china_cities.json beside the repository")
	}
	var cities []struct {
		Attrs  struct{ Name string }
		Coords struct{ WGS84, GCJ02, BD09 [2]float64 }
	}
	if err := json.Unmarshal(text, &cities); err != nil || len(cities) < 332 {
		t.Fatalf("%d cities: %v", len(cities), err)
	}
	for _, datum := range []geo.Datum{geo.GCJ02, geo.BD09} {
		var sum, worst [2]float64
		for _, city := range cities {
			is, shown := city.Coords.WGS84, city.Coords.GCJ02
			if datum == geo.BD09 {
				shown = city.Coords.BD09
			}
			lon, lat := datum.FromWGS84(is[0], is[1])
			backLon, backLat := datum.ToWGS84(shown[0], shown[1])
			for way, off := range [2]float64{metres(shown[0], shown[1], lon, lat),
				metres(is[0], is[1], backLon, backLat)} {
				sum[way], worst[way] = sum[way]+off, max(worst[way], off)
				if off > 1 {
					t.Errorf("%s, %s: %.2f m off (way %d)", city.Attrs.Name, datum, off, way)
				}
			}
		}
		n := float64(len(cities))
		t.Logf("%s: from WGS 84 %.3f m mean, %.3f m max; to WGS 84 %.3f m mean, %.3f m max", datum, sum[0]/n, worst[0],
			sum[1]/n, worst[1])
	}
}

func TestParseDatum(t *testing.T) {
	for name, want := range map[string]geo.Datum{"wgs84": geo.WGS84, "WGS-84": geo.WGS84, "GCJ-02": geo.GCJ02,
		"gcj_02": geo.GCJ02, "BD09LL": geo.BD09} {
		if got, err := geo.ParseDatum(name); got != want || err != nil {
			t.Errorf("%q is %q, %v", name, got, err)
		}
	}
	if _, err := geo.ParseDatum("mars"); !errors.Is(err, geo.ErrInvalid) {
		t.Errorf("an unknown datum gives %v", err)
	}
}

func BenchmarkDatumToWGS84(b *testing.B) {
	for _, datum := range []geo.Datum{geo.GCJ02, geo.BD09} {
		b.Run(string(datum), func(b *testing.B) {
			b.ReportAllocs()
			lon, lat := 112.0, 33.0
			for b.Loop() {
				lon, _ = datum.ToWGS84(112+math.Mod(lon, 1), lat)
			}
		})
	}
}
