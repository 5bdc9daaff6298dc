package main

import (
	"bytes"
	"context"
	"fmt"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"
	"github.com/klauspost/compress/gzip"

	"yizhan/geo"
	"yizhan/geo/index"
	"yizhan/internal/replica"
	"yizhan/tiles"
)

// start measures how fast the replica loads and what a feature costs in memory.
func (b *bench) start(ctx context.Context) error {
	before := heap()
	r, stop, err := b.follow(ctx)
	if err != nil {
		return err
	}
	defer stop()
	status := r.Status()
	used := heap() - before
	rate := float64(status.Features) / status.LoadTime.Seconds()
	b.add("replica start", fmt.Sprintf("%d features in %.2f s", status.Features, status.LoadTime.Seconds()), "", fmt.Sprintf("%.0f features/s", rate))
	b.add("replica memory", fmt.Sprintf("%.0f MiB", float64(used)/(1<<20)), "", fmt.Sprintf("%.0f bytes/feature", float64(used)/float64(status.Features)))
	return nil
}

// follow starts a replica of the city and waits for its first state.
func (b *bench) follow(ctx context.Context) (*replica.Replica, func(), error) {
	r := replica.New(replica.Options{Logins: b.ledger.DB().Logins(), Log: b.log})
	running, cancel := context.WithCancel(ctx)
	done := make(chan struct{})
	go func() { defer close(done); _ = r.Run(running) }()
	select {
	case <-r.Loaded():
		return r, func() { cancel(); <-done }, nil
	case <-time.After(5 * time.Minute):
		cancel()
		return nil, nil, fmt.Errorf("the replica did not load")
	}
}

// cold compares drawing from memory with prepared ST_AsMVT of the same features
// and attributes, both behind a bare handler, with four clients.
func (b *bench) cold(ctx context.Context) error {
	r, stop, err := b.follow(ctx)
	if err != nil {
		return err
	}
	defer stop()
	var drawer tiles.Drawer
	ours, err := serve(tileHandler(false, func(_ context.Context, t geo.Tile) ([]byte, error) { return drawCity(&drawer, r.State(), t) }))
	if err != nil {
		return err
	}
	defer ours.close()
	theirs, stopTheirs, err := b.postgis(ctx, false)
	if err != nil {
		return err
	}
	defer stopTheirs()
	for z := uint8(14); z <= 17; z++ {
		if err := b.compare(ctx, z, ours, theirs); err != nil {
			return err
		}
	}
	return nil
}

func (b *bench) compare(ctx context.Context, z uint8, ours, theirs *site) error {
	var paths []string
	for _, t := range addresses(z, 4096) {
		paths = append(paths, "/"+t.String())
	}
	if err := sameFeatures(ours.address, theirs.address, paths[:min(8, len(paths))]); err != nil {
		return err
	}
	a, err := drive(ctx, ours.address, paths, "", 4, b.seconds)
	if err != nil {
		return err
	}
	floor, err := b.floor(ctx, ours.address, paths)
	if err != nil {
		return err
	}
	p, err := drive(ctx, theirs.address, paths, "", 4, b.seconds)
	if err != nil {
		return err
	}
	b.add(fmt.Sprintf("cold tile z%d, same features, uncompressed (≥30×)", z), fmt.Sprintf("%.0f tiles/s, %.1f kB; the floor %.0f", a.perSecond(), float64(a.bytes)/float64(a.requests)/1e3, floor.perSecond()),
		fmt.Sprintf("ST_AsMVT %.1f tiles/s, %.1f kB", p.perSecond(), float64(p.bytes)/float64(p.requests)/1e3),
		fmt.Sprintf("%.1f×", a.perSecond()/p.perSecond()))
	return nil
}

// floor drives a bare handler that has the bodies of the paths already.
func (b *bench) floor(ctx context.Context, address string, paths []string) (load, error) {
	c, err := dial(address)
	if err != nil {
		return load{}, err
	}
	defer c.conn.Close()
	bodies := map[string][]byte{}
	for _, path := range paths {
		_, body, err := c.get(path, "")
		if err != nil {
			return load{}, err
		}
		bodies[path] = slices.Clone(body)
	}
	bare, err := serve(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { writeTile(w, bodies[r.URL.Path]) }))
	if err != nil {
		return load{}, err
	}
	defer bare.close()
	return drive(ctx, bare.address, paths, "", 4, b.seconds)
}

// postgisPool connects as one would for speed: no compilation, no parallel workers.
func (b *bench) postgisPool(ctx context.Context) (*pgxpool.Pool, error) {
	return pgxpool.New(ctx, b.dsn+"&pool_max_conns=4&options=-c%20jit%3Doff%20-c%20max_parallel_workers_per_gather%3D0")
}

// postgis serves the same tiles by ST_AsMVT, packed with gzip level 6 or as they are.
func (b *bench) postgis(ctx context.Context, squeeze bool) (*site, func(), error) {
	pool, err := b.postgisPool(ctx)
	if err != nil {
		return nil, nil, err
	}
	at, err := serve(tileHandler(squeeze, func(ctx context.Context, t geo.Tile) ([]byte, error) { return drawPostGIS(ctx, pool, t) }))
	if err != nil {
		pool.Close()
		return nil, nil, err
	}
	return at, func() { at.close(); pool.Close() }, nil
}

// tileHandler serves /z/x/y of a drawing function, nothing else.
func tileHandler(squeeze bool, draw func(context.Context, geo.Tile) ([]byte, error)) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		parts := strings.Split(r.URL.Path, "/")
		t, err := geo.ParseTile(parts[1], parts[2], parts[3])
		if err != nil {
			http.Error(w, err.Error(), http.StatusBadRequest)
			return
		}
		body, err := draw(r.Context(), t)
		if err != nil {
			http.Error(w, err.Error(), http.StatusInternalServerError)
			return
		}
		if squeeze {
			var out bytes.Buffer
			zip, _ := gzip.NewWriterLevel(&out, 6)
			zip.Write(body)
			zip.Close()
			body = out.Bytes()
		}
		writeTile(w, body)
	})
}

func writeTile(w http.ResponseWriter, body []byte) {
	w.Header().Set("Content-Type", "application/vnd.mapbox-vector-tile")
	w.Header().Set("Content-Length", strconv.Itoa(len(body)))
	w.Write(body)
}

func drawCity(drawer *tiles.Drawer, state *replica.State, t geo.Tile) ([]byte, error) {
	var layers []*index.Collection
	for _, c := range cityTables() {
		layers = append(layers, state.Layers[geo.LayerName(c.name)])
	}
	body, _, err := drawer.Draw(t, layers, tiles.Options{})
	return body, err
}

// mvtQuery is one layer by ST_AsMVT, as the tile servers write it: the bounds
// widened by the buffer of 64 units, the geometry in 4326 transformed.
func mvtQuery(t table, attributes string) string {
	return fmt.Sprintf(`select coalesce(st_asmvt(q, '%[1]s', 4096, 'geom', 'gid'), ''::bytea) from (
		select gid, %[2]s, st_asmvtgeom(st_transform(geom, 3857), st_tileenvelope($1, $2, $3), 4096, 64, true) as geom
		from city.%[1]s
		where geom && st_transform(st_tileenvelope($1, $2, $3, margin => 64.0 / 4096), 4326)
		order by gid) q where geom is not null`, t.name, attributes)
}

// drawPostGIS sends the three layers' statements in one batch; pgx prepares them once a connection.
func drawPostGIS(ctx context.Context, pool *pgxpool.Pool, t geo.Tile) ([]byte, error) {
	batch := &pgx.Batch{}
	for _, c := range cityTables() {
		attributes := "kind"
		if c.name == "bench_point" {
			attributes = "kind, condition"
		}
		if c.name == "bench_line" {
			attributes = "kind, name"
		}
		if t.Z >= 16 {
			attributes = strings.Join(columnNames(c), ", ")
		}
		batch.Queue(mvtQuery(c, attributes), t.Z, t.X, t.Y)
	}
	results := pool.SendBatch(ctx, batch)
	defer results.Close()
	var body []byte
	for range cityTables() {
		var part []byte
		if err := results.QueryRow().Scan(&part); err != nil {
			return nil, err
		}
		body = append(body, part...)
	}
	return body, nil
}
