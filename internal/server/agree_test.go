package server_test

import (
	"fmt"
	"math/rand/v2"
	"net/url"
	"testing"
	"time"

	"yizhan/geo"
	"yizhan/internal/pgtest"
)

// Servers that followed the same edits, and one that has just started, give the same
// bytes for every tile of every view that was asked for on the way: a short soak.
func TestServersAgreeAfterAnyEdits(t *testing.T) {
	t.Parallel()
	seed := uint64(time.Now().UnixNano())
	t.Logf("seed %d", seed)
	r := rand.New(rand.NewPCG(seed, 1))
	dsn := pgtest.Ledger(t)
	servers := []*running{serve(t, dsn, `insert into city.manhole (code, utility, condition, owner_known, geom)
		select 'M' || n, 'sewage', 'intact', true, st_setsrid(st_makepoint(112.52 + 0.0004 * (n % 50), 33 + 0.0004 * (n / 50)), 4326) from generate_series(1, 1000) n`), serve(t, dsn)}
	queries := []string{"", "columns=condition", "datum=gcj02", "filter=" + url.QueryEscape("condition <> 'intact'")}
	asked := map[string]bool{}
	token := ""
	for range 60 {
		code := fmt.Sprint("M", 1+r.IntN(1100))
		token = servers[r.IntN(2)].commit(t, []string{
			"update city.manhole set geom = st_translate(geom, 0.003, 0.001) where code = $1",
			"update city.manhole set condition = 'damaged' where code = $1",
			"delete from city.manhole where code = $1",
			"insert into city.manhole (code, utility, condition, owner_known, geom) values ($1, 'rain', 'missing', " +
				"false, 'SRID=4326;POINT(112.53 33.002)') on conflict (code) do update set utility = 'gas'",
			"update city.manhole set condition = 'missing' where code like $1 || '%'",
		}[r.IntN(5)], code)
		for range 6 {
			path := manholeTile(t, r) + queries[r.IntN(len(queries))]
			asked[path] = true
			servers[r.IntN(2)].get(t, "GET", path)
		}
	}
	servers = append(servers, serve(t, dsn))
	shown := 0
	for path := range asked {
		want := servers[2].get(t, "GET", path)
		shown += len(want.body)
		for n, s := range servers[:2] {
			if got := s.get(t, "GET", path+"&at="+token); got.body != want.body || got.status != want.status {
				t.Errorf("seed %d: %s of server %d: %d with %d bytes, want %d with %d", seed, path, n, got.status,
					len(got.body), want.status, len(want.body))
			}
		}
	}
	if shown < 10_000 {
		t.Errorf("only %d bytes were compared", shown)
	}
}

// manholeTile is the address of any tile around the manholes.
func manholeTile(t *testing.T, r *rand.Rand) string {
	t.Helper()
	z := uint8(8 + r.IntN(11))
	p, err := geo.Project(112.52+0.025*r.Float64(), 33+0.01*r.Float64())
	if err != nil {
		t.Fatal(err)
	}
	at := geo.Tile{Z: z, X: p.X() >> (32 - z), Y: p.Y() >> (32 - z)}
	return "/tiles/manhole/" + at.String() + ".mvt?"
}
