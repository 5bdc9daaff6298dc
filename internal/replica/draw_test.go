package replica_test

import (
	"context"
	"fmt"
	"math"
	"testing"

	"github.com/jackc/pgx/v5"
	"github.com/paulmach/orb"
	"github.com/paulmach/orb/encoding/mvt"
	"github.com/paulmach/orb/planar"

	"yizhan/geo"
	"yizhan/geo/index"
	"yizhan/tiles"
)

// Areas, in square tile units, up to which rounding to the grid may make a whole
// shape (speck) or one ring of it (pinhole) collapse in one drawing and not in the other.
const (
	speck   = 40
	pinhole = 4
)

// A tile drawn from the replica holds what ST_AsMVT makes of the same table: the
// same features, points within a unit, lines and areas of the same size but for
// rounding, at zooms where nothing is generalised.
func TestTilesEqualThoseThatPostGISDraws(t *testing.T) {
	t.Parallel()
	dsn := database(t)
	conn := connect(t, dsn)
	must(t, conn, fmt.Sprintf("select setseed(%.6f)", float64(seed(t)%1000)/1000),
		`insert into city.manhole (code, utility, condition, geom)
			select 'M' || i, 'rain', 'intact', st_setsrid(st_makepoint(112.52 + 0.03 * random(), 32.99 + 0.03 * random()), 4326) from generate_series(1, 3000) i`,
		`insert into city.road (code, class, geom)
			select 'R' || i, 'local', st_multi(st_setsrid(st_makeline(array[
				st_makepoint(x, y), st_makepoint(x + 0.004 * random(), y + 0.004 * random()), st_makepoint(x + 0.008, y + 0.008 * random())]), 4326))
			from (select i, 112.515 + 0.03 * random() as x, 32.985 + 0.03 * random() as y from generate_series(1, 400) i) p`,
		`insert into city.green_plot (code, kind, status, geom)
			select 'G' || i, 'park', 'open', st_multi(st_difference(st_buffer(c, 0.0008 + 0.002 * random(), 3), st_buffer(c, 0.0004 * random(), 2)))
			from (select i, st_setsrid(st_makepoint(112.52 + 0.03 * random(), 32.99 + 0.03 * random()), 4326) as c from generate_series(1, 400) i) p`)
	r, _ := follow(t, dsn)
	for _, tile := range []geo.Tile{{Z: 15, X: 26627, Y: 13198}, {Z: 16, X: 53254, Y: 26396},
		{Z: 17, X: 106508, Y: 52793}} {
		for _, layer := range []geo.LayerName{"manhole", "road", "green_plot"} {
			t.Run(fmt.Sprint(layer, " ", tile), func(t *testing.T) { sameTile(t, r.State().Layers[layer], conn, tile) })
		}
	}
}

func sameTile(t *testing.T, c *index.Collection, conn *pgx.Conn, tile geo.Tile) {
	t.Helper()
	name := string(c.Layer().Name)
	drawn, _, err := tiles.Draw(tile, []*index.Collection{c}, tiles.Options{})
	if err != nil {
		t.Fatal(err)
	}
	var reference []byte
	err = conn.QueryRow(context.Background(), `select coalesce(st_asmvt(q, $4, 4096, 'geom', 'gid'), '') from (
		select gid, st_asmvtgeom(st_transform(geom, 3857), st_tileenvelope($1, $2, $3), 4096, 64, true) as geom from city.`+name+`
		where geom && st_transform(st_tileenvelope($1, $2, $3, margin => 64.0 / 4096), 4326) order by gid) q where geom is not null`,
		tile.Z, tile.X, tile.Y, name).Scan(&reference)
	if err != nil {
		t.Fatal(err)
	}
	ours, theirs := shapes(t, drawn), shapes(t, reference)
	if len(theirs) == 0 {
		t.Fatal("the tile is empty; the test would prove nothing")
	}
	for id, want := range theirs {
		have, present := ours[id]
		if !present {
			if !marginal(want) {
				t.Errorf("feature %d of size %.0f is not drawn", id, size(want))
			}
			continue
		}
		if problem := unlike(have, want); problem != "" {
			t.Errorf("feature %d: %s", id, problem)
		}
	}
	for id, have := range ours {
		if _, present := theirs[id]; !present && !marginal(have) {
			t.Errorf("feature %d of size %.0f is drawn here only", id, size(have))
		}
	}
}

// shapes decodes the geometries of a tile of one layer, by feature.
func shapes(t *testing.T, body []byte) map[int64]orb.Geometry {
	t.Helper()
	layers, err := mvt.Unmarshal(body)
	if err != nil {
		t.Fatal(err)
	}
	found := map[int64]orb.Geometry{}
	for _, l := range layers {
		for _, f := range l.Features {
			found[int64(f.ID.(float64))] = f.Geometry
		}
	}
	return found
}

// size is the area, or the length, or infinite for a point, in tile units.
func size(g orb.Geometry) float64 {
	switch g.Dimensions() {
	case 0:
		return math.Inf(1)
	case 1:
		return planar.Length(g)
	}
	return math.Abs(planar.Area(g))
}

// marginal says that rounding decides whether a shape is drawn at all: a speck,
// or a point on the edge of the border of 64 units around the tile.
func marginal(g orb.Geometry) bool {
	if p, isPoint := g.(orb.Point); isPoint {
		return !orb.Bound{Min: orb.Point{-63, -63}, Max: orb.Point{4159, 4159}}.Contains(p)
	}
	return size(g) <= speck
}

// collapsible says that rounding decides whether a ring, a hole above all, is drawn.
func collapsible(r orb.Ring) bool {
	return len(r) > 2 && r.Closed() && math.Abs(planar.Area(r)) <= pinhole
}

// unlike says how two geometries differ by more than rounding to the grid can
// make. Only what lies in the tile itself counts: in the border around it, where
// an edge leaves at a small angle, rounding shifts the crossing at will.
func unlike(a, b orb.Geometry) string {
	tile := orb.Bound{Max: orb.Point{4096, 4096}}
	for _, pair := range [2][2][]orb.LineString{{outlines(a), outlines(b)}, {outlines(b), outlines(a)}} {
		for _, line := range pair[0] {
			if collapsible(orb.Ring(line)) {
				continue
			}
			for _, vertex := range line {
				if !tile.Contains(vertex) {
					continue
				}
				if d := distance(vertex, pair[1]); d > 2 {
					return fmt.Sprintf("vertex %v is %.1f units from the other outline", vertex, d)
				}
			}
		}
	}
	return ""
}

func distance(p orb.Point, lines []orb.LineString) float64 {
	least := math.Inf(1)
	for _, line := range lines {
		least = math.Min(least, planar.DistanceFrom(line, p))
	}
	return least
}

// outlines are the lines that a geometry is drawn with.
func outlines(g orb.Geometry) []orb.LineString {
	switch g := g.(type) {
	case orb.Point:
		return []orb.LineString{{g, g}}
	case orb.LineString:
		return []orb.LineString{g}
	case orb.MultiLineString:
		return g
	case orb.Polygon:
		var lines []orb.LineString
		for _, ring := range g {
			lines = append(lines, orb.LineString(ring))
		}
		return lines
	case orb.MultiPolygon:
		var lines []orb.LineString
		for _, polygon := range g {
			lines = append(lines, outlines(polygon)...)
		}
		return lines
	}
	return nil
}
