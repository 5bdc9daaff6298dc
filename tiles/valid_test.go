package tiles

import (
	"context"
	"math"
	"math/rand/v2"
	"testing"
	"time"

	"yizhan/tiles/tilestest"

	"github.com/jackc/pgx/v5"
	"github.com/paulmach/orb"
	"github.com/paulmach/orb/encoding/wkb"

	"yizhan/geo"
	"yizhan/internal/pgtest"
)

// awkward makes polygons that rounding is hard on: combs with teeth finer than a
// unit, spirals, thin frames, stars with a hole near the edge.
func awkward(r *rand.Rand, n int) []orb.Geometry {
	var all []orb.Geometry
	for range n {
		at := orb.Point{112.53 + 0.03*r.NormFloat64(), 33 + 0.03*r.NormFloat64()}
		size := math.Pow(10, -5+3.5*r.Float64())
		place := func(x, y float64) orb.Point { return orb.Point{at[0] + size*x, at[1] + size*y} }
		var ring orb.Ring
		switch r.IntN(4) {
		case 0: // a comb
			teeth := 2 + r.IntN(20)
			for i := range teeth {
				x := float64(i) / float64(teeth)
				ring = append(ring, place(x, 1), place(x+0.3/float64(teeth), 0.1+0.02*r.Float64()))
			}
			ring = append(ring, place(1, 1), place(1, 0), place(0, 0))
		case 1: // a spiral
			turns := 20 + r.IntN(40)
			var inner orb.Ring
			for i := range turns {
				angle, reach := float64(i)*0.5, 1-float64(i)/float64(turns+5)
				ring = append(ring, place(reach*math.Cos(angle), reach*math.Sin(angle)))
				inner = append(inner, place((reach-0.02)*math.Cos(angle), (reach-0.02)*math.Sin(angle)))
			}
			for i := len(inner) - 1; i >= 0; i-- {
				ring = append(ring, inner[i])
			}
		case 2: // a frame
			wall := math.Pow(10, -3*r.Float64()) / 3
			ring = orb.Ring{place(0, 0), place(1, 0), place(1, 1), place(0, 1), place(0, 0)}
			hole := orb.Ring{place(wall, wall), place(wall, 1-wall), place(1-wall, 1-wall), place(1-wall, wall),
				place(wall, wall)}
			all = append(all, orb.Polygon{ring, hole})
			continue
		default:
			all = append(all, orb.Polygon{tilestest.Star(r, at, size), tilestest.Star(r, at, size*0.24)})
			continue
		}
		all = append(all, orb.Polygon{append(ring, ring[0])})
	}
	return all
}

// Whatever simplifying, cutting and rounding do to polygons that are valid, what
// tiles hold of them is valid by PostGIS, at every zoom.
func TestPolygonsOfTilesAreValid(t *testing.T) {
	t.Parallel()
	seed := uint64(time.Now().UnixNano())
	t.Logf("seed %d", seed)
	ctx := context.Background()
	conn, err := pgx.Connect(ctx, pgtest.Ledger(t))
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close(ctx)
	r := rand.New(rand.NewPCG(seed, 1))
	var sound []orb.Geometry
	for _, g := range awkward(r, 600) {
		if invalid(t, conn, [][]byte{wkb.MustMarshal(g)}) == "" {
			sound = append(sound, g)
		}
	}
	c := tilestest.Built(t, tilestest.Layer(geo.Polygon), sound)
	var drawn [][]byte
	for _, z := range []uint8{6, 9, 10, 11, 12, 13, 14, 15, 16, 18, 20} {
		for _, at := range around(z, 2) {
			body, _ := draw(t, at, Options{}, c)
			for _, f := range decoded(t, body)["things"] {
				switch g := f.Geometry.(type) {
				case orb.Polygon:
					drawn = append(drawn, wkb.MustMarshal(g))
				case orb.MultiPolygon: // parts may touch each other where rounding closes a gap
					for _, p := range g {
						drawn = append(drawn, wkb.MustMarshal(p))
					}
				}
			}
		}
	}
	if len(sound) < 400 || len(drawn) < 3000 {
		t.Fatalf("only %d sound polygons, %d drawn", len(sound), len(drawn))
	}
	if fault := invalid(t, conn, drawn); fault != "" {
		t.Errorf("seed %d: of %d polygons %s", seed, len(drawn), fault)
	}
}

// invalid is what PostGIS says of the first polygons that it finds invalid.
func invalid(t *testing.T, conn *pgx.Conn, polygons [][]byte) (fault string) {
	t.Helper()
	err := conn.QueryRow(context.Background(), `select coalesce(string_agg(why, '; '), '') from (
		select n || ': ' || st_isvalidreason(g) || ' ' || left(st_astext(g), 400) as why
		from (select n, st_geomfromwkb(w) as g from unnest($1::bytea[]) with ordinality as u(w, n)) as p where not st_isvalid(g) limit 5) as f`, polygons).Scan(&fault)
	if err != nil {
		t.Fatal(err)
	}
	return fault
}
