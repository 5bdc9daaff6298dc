package tiles

import (
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"yizhan/tiles/tilestest"

	"github.com/paulmach/orb"
	"github.com/paulmach/orb/encoding/mvt"
	"github.com/paulmach/orb/encoding/wkt"

	"yizhan/geo"
	"yizhan/geo/index"
)

var update = flag.Bool("update", false, "rewrite the golden files")

// A few tiles as text: layer, then for each feature its id, attributes and
// geometry in tile units.
func TestGoldenTiles(t *testing.T) {
	city := goldenCity(t)
	for _, c := range []struct {
		name   string
		at     geo.Tile
		layers []string
	}{
		{"points_as_cells_at_10", geo.Tile{Z: 10, X: 832, Y: 412}, []string{"manhole"}},
		{"points_at_14", tilestest.Tile(), []string{"manhole"}},
		{"the_buffer_of_the_neighbour", geo.Tile{Z: 14, X: tilestest.Tile().X + 1, Y: tilestest.Tile().Y},
			[]string{"manhole", "road", "green_plot"}},
		{"three_layers_at_14", tilestest.Tile(), []string{"green_plot", "road", "manhole"}},
		{"inside_a_park_at_17", geo.Tile{Z: 17, X: tilestest.Tile().X<<3 + 4, Y: tilestest.Tile().Y<<3 + 4},
			[]string{"green_plot", "road"}},
		{"world", geo.Tile{}, []string{"green_plot", "road", "manhole"}},
	} {
		t.Run(c.name, func(t *testing.T) {
			var layers []*index.Collection
			for _, name := range c.layers {
				layers = append(layers, city[name])
			}
			body, _ := draw(t, c.at, Options{}, layers...)
			decoded(t, body)
			golden(t, c.name+".txt", asText(t, body))
		})
	}
}

func golden(t *testing.T, name, got string) {
	t.Helper()
	path := filepath.Join("testdata", name)
	if *update {
		if err := os.WriteFile(path, []byte(got), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if got != string(want) {
		t.Errorf("differs from %s; if that is right, run go test ./tiles -update\ngot:\n%s\nwant:\n%s", path, got, want)
	}
}

// goldenCity is a park with a pond, two roads and six manhole covers, in and
// across the edge of the benchmark tile.
func goldenCity(t *testing.T) map[string]*index.Collection {
	ground := tilestest.Tile().Bound()
	at := func(u, v float64) orb.Point { // shares of the tile from west and north
		return orb.Point{ground.Min[0] + u*(ground.Max[0]-ground.Min[0]),
			ground.Max[1] - v*(ground.Max[1]-ground.Min[1])}
	}
	ring := func(uv ...float64) (r orb.Ring) {
		for i := 0; i < len(uv); i += 2 {
			r = append(r, at(uv[i], uv[i+1]))
		}
		return append(r, r[0])
	}
	layers := map[string][]orb.Geometry{
		"green_plot": {
			orb.Polygon{ring(0.2, 0.2, 0.8, 0.2, 0.8, 0.8, 0.2, 0.8), ring(0.3, 0.3, 0.4, 0.3, 0.35, 0.4)},
			orb.MultiPolygon{{ring(0.9, 0.1, 1.2, 0.1, 1.2, 0.2)}, {ring(0.01, 0.01, 0.011, 0.01, 0.011, 0.011)}},
		},
		"road": {
			orb.LineString{at(-0.5, 0.55), at(0.5, 0.56), at(1.5, 0.5)},
			orb.LineString{at(0.1, -0.5), at(0.1, 1.5), at(0.9, 1.5), at(0.9, -0.5)},
		},
		"manhole": {
			at(0, 0), at(0.5, 0.5), orb.MultiPoint{at(0.25, 0.75), at(0.26, 0.75)}, at(0.999, 0.25), at(1.01, 0.25),
			at(0.5, 0.5),
		},
	}
	kinds := map[string]geo.Kind{"green_plot": geo.Polygon, "road": geo.Line, "manhole": geo.Point}
	city := map[string]*index.Collection{}
	for name, geometries := range layers {
		layer := tilestest.Layer(kinds[name])
		layer.Name, layer.PointZoom = geo.LayerName(name), 12
		city[name] = tilestest.Built(t, layer, geometries)
	}
	return city
}

func asText(t *testing.T, body []byte) string {
	layers, err := mvt.Unmarshal(body)
	if err != nil {
		t.Fatal(err)
	}
	var out strings.Builder
	fmt.Fprintf(&out, "%d bytes\n", len(body))
	for _, l := range layers {
		fmt.Fprintf(&out, "\nlayer %s\n", l.Name)
		for _, f := range l.Features {
			var properties []string
			for k, v := range f.Properties {
				properties = append(properties, fmt.Sprint(k, "=", v))
			}
			slices.Sort(properties)
			fmt.Fprintf(&out, "%.0f %v\n  %s\n", f.ID, properties, wkt.MarshalString(f.Geometry))
		}
	}
	return out.String()
}
