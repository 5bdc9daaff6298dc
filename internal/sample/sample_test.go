package sample

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"os"
	"path/filepath"
	"regexp"
	"sync"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/paulmach/orb"
	"github.com/paulmach/orb/geojson"
)

// theCity is the default city and its files as written, made once for all tests.
var theCity = sync.OnceValues(func() (*city, map[string][]byte) {
	c, err := build(context.Background(), DefaultSeed)
	if err != nil {
		panic(err)
	}
	files := map[string][]byte{}
	for _, s := range subjects() {
		var b bytes.Buffer
		out := newSheet(&b, s.layer)
		s.write(c, out)
		if err := out.close(); err != nil {
			panic(err)
		}
		files[s.layer] = b.Bytes()
	}
	return c, files
})

// theFeatures are the features of the files, read back by another's reader.
var theFeatures = sync.OnceValues(func() (map[string][]*geojson.Feature, error) {
	_, files := theCity()
	out := map[string][]*geojson.Feature{}
	for layer, b := range files {
		collection, err := geojson.UnmarshalFeatureCollection(b)
		if err != nil {
			return nil, err
		}
		out[layer] = collection.Features
	}
	return out, nil
})

func features(t *testing.T, layer string) []*geojson.Feature {
	t.Helper()
	all, err := theFeatures()
	if err != nil {
		t.Fatal(err)
	}
	return all[layer]
}

func text(f *geojson.Feature, key string) string { return f.Properties.MustString(key, "") }

func TestSameSeedGivesTheSameBytes(t *testing.T) {
	t.Parallel()
	_, want := theCity()
	dir := t.TempDir()
	var told []string
	if err := Write(context.Background(), dir, DefaultSeed, func(file string) { told = append(told, file) }); err != nil {
		t.Fatal(err)
	}
	var expected []string
	for _, layer := range Layers() {
		file := filepath.Join(dir, layer+".geojson")
		expected = append(expected, file)
		got, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		if !bytes.Equal(got, want[layer]) {
			t.Errorf("%s differs between two runs", layer)
		}
	}
	if diff := cmp.Diff(expected, told); diff != "" {
		t.Errorf("progress told of other files (-want +got):\n%s", diff)
	}
}

func TestAnySeedMakesACity(t *testing.T) {
	t.Parallel()
	seeds := []uint64{0, 1, 2021, 1 << 63}
	if testing.Short() {
		seeds = seeds[:1]
	}
	for _, seed := range seeds {
		c, err := build(context.Background(), seed)
		if err != nil {
			t.Errorf("seed %d: %v", seed, err)
			continue
		}
		got := []int{len(c.walls), len(c.greens), len(c.stations), len(c.organisations), len(c.members),
			len(c.manholes)}
		if diff := cmp.Diff([]int{217, 300, 40, 160, 700, 20000}, got); diff != "" {
			t.Errorf("seed %d: walls, greens, stations, organisations, members, manholes (-want +got):\n%s", seed, diff)
		}
		for _, v := range c.divisions {
			if !v.contains(v.at) {
				t.Errorf("seed %d: the seat of %s lies outside it", seed, v.name)
			}
		}
	}
}

func TestAnotherSeedGivesAnotherCity(t *testing.T) {
	t.Parallel()
	c, _ := theCity()
	other, err := build(context.Background(), DefaultSeed+1)
	if err != nil {
		t.Fatal(err)
	}
	if cmp.Equal(c.manholes[0].at, other.manholes[0].at) {
		t.Error("two seeds put the first manhole in the same place")
	}
}

func TestStopsWhenToldTo(t *testing.T) {
	t.Parallel()
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	if err := Write(ctx, t.TempDir(), DefaultSeed, nil); !errors.Is(err, context.Canceled) {
		t.Errorf("Write after cancel: %v", err)
	}
}

func TestCounts(t *testing.T) {
	t.Parallel()
	all := func(*geojson.Feature) bool { return true }
	is := func(key string, value any) func(*geojson.Feature) bool {
		return func(f *geojson.Feature) bool { return f.Properties[key] == value }
	}
	cases := []struct {
		what, layer string
		fits        func(*geojson.Feature) bool
		want        int
	}{
		{"divisions", "admin_area", all, 13},
		{"central divisions", "admin_area", is("is_central", true), 2},
		{"county-level cities", "admin_area", is("level", "city"), 1},
		{"main roads of the centre", "road", is("is_arterial31", true), 31},
		{"sites of the first batch", "wall_site", is("batch", 1.0), 177},
		{"sites of the second batch", "wall_site", is("batch", 2.0), 40},
		{"green plots", "green_plot", all, 300},
		{"manholes", "manhole", all, 20000},
		{"stations", "station", all, 40},
		{"stations of the first class", "station", is("class", "1"), 10},
		{"drawn catchments", "catchment", is("kind", "drawn"), 10},
		{"circular catchments", "catchment", is("kind", "circle"), 30},
		{"organisations", "organisation", all, 160},
		{"units of the bureau", "organisation", is("kind", "bureau_unit"), 11},
		{"members", "member", all, 700},
		{"complaints", "complaint", all, 5000},
	}
	for _, c := range cases {
		got := 0
		for _, f := range features(t, c.layer) {
			if c.fits(f) {
				got++
			}
		}
		if got != c.want {
			t.Errorf("%d %s, want %d", got, c.what, c.want)
		}
	}
}

func TestFilesSayThatTheyAreSynthetic(t *testing.T) {
	t.Parallel()
	_, files := theCity()
	for layer, b := range files {
		var head struct{ Type, Name, Note string }
		if err := json.Unmarshal(b, &head); err != nil {
			t.Fatal(err)
		}
		if head.Type != "FeatureCollection" || head.Name != layer || head.Note != note {
			t.Errorf("%s begins with %+v", layer, head)
		}
	}
}

func TestNothingReadsLikeAPersonalNumber(t *testing.T) {
	t.Parallel()
	_, files := theCity()
	personal := regexp.MustCompile(`\b(\d{18}|\d{17}[Xx]|1[3-9]\d{9})\b`)
	for layer, b := range files {
		if found := personal.Find(b); found != nil {
			t.Errorf("%s holds %s, which reads like an identity or a telephone number", layer, found)
		}
	}
}

func TestCoordinatesHaveSevenDecimals(t *testing.T) {
	t.Parallel()
	var b bytes.Buffer
	out := newSheet(&b, "x")
	out.feature(orb.Point{112.5, 33.123456789}, property{"a", ""}, property{"b", 1.239}, property{"c", "\"井\""})
	if err := out.close(); err != nil {
		t.Fatal(err)
	}
	want := `{"type":"Feature","properties":{"a":null,"b":1.24,"c":"\"井\""},` +
		`"geometry":{"type":"Point","coordinates":[112.5000000,33.1234568]}}`
	if !bytes.Contains(b.Bytes(), []byte(want)) {
		t.Errorf("got %s", b.Bytes())
	}
}
