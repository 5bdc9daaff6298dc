package main

import (
	"context"
	"fmt"
	"maps"
	"math/rand/v2"
	"slices"
	"sync"
	"time"

	"github.com/jackc/pgx/v5"

	"yizhan/geo"
)

// fresh edits rows while 2,000 tiles a second are served, and measures from each
// commit to the next tile that shows it; then it moves one row and looks which
// tiles have another ETag.
func (b *bench) fresh(ctx context.Context) error {
	app, stop, err := b.app(ctx, 0)
	if err != nil {
		return err
	}
	defer stop()
	loaded, unload := context.WithCancel(ctx)
	defer unload()
	served := make(chan load, 1)
	go func() { served <- steady(loaded, app.address, 2000) }()
	waits, err := b.editAndWait(ctx, app, 200)
	unload()
	l := <-served
	if err != nil {
		return err
	}
	b.add(fmt.Sprintf("edit → next tile while %.0f tiles/s are served (p95 ≤50 ms)", l.perSecond()), fmt.Sprintf("p50 %.1f ms, p95 %.1f ms, max %.1f ms",
		waits[len(waits)/2], waits[len(waits)*95/100], waits[len(waits)-1]), "", "")
	return b.movedTags(ctx, app)
}

// steady asks for tiles of all zooms at a rate, four clients together, until the
// context ends.
func steady(ctx context.Context, address string, perSecond int) load {
	const clients = 4
	var paths []string
	for z := uint8(11); z <= 17; z++ {
		for _, t := range addresses(z, 512) {
			paths = append(paths, tilePath(t, cityLayers))
		}
	}
	counts := make([]load, clients)
	started := time.Now()
	var group sync.WaitGroup
	for n := range clients {
		group.Go(func() {
			c, err := dial(address)
			if err != nil {
				return
			}
			defer c.conn.Close()
			r := rand.New(rand.NewPCG(citySeed, uint64(n)))
			for i := 0; ctx.Err() == nil; i++ {
				time.Sleep(time.Until(started.Add(time.Duration(i) * clients * time.Second / time.Duration(perSecond))))
				if _, body, err := c.get(paths[r.IntN(len(paths))], gzipHeader); err == nil {
					counts[n].requests++
					counts[n].bytes += int64(len(body))
				}
			}
		})
	}
	group.Wait()
	all := load{took: time.Since(started)}
	for _, l := range counts {
		all.requests, all.bytes = all.requests+l.requests, all.bytes+l.bytes
	}
	return all
}

// editAndWait makes edits and returns how long each took to show, in ms, sorted.
func (b *bench) editAndWait(ctx context.Context, app *site, edits int) ([]float64, error) {
	c, err := dial(app.address)
	if err != nil {
		return nil, err
	}
	defer c.conn.Close()
	var waits []float64
	for i, tile := range addresses(16, edits) {
		path := tilePath(tile, "bench_point")
		bound := tile.Bound()
		if _, _, err := c.get(path, ""); err != nil {
			return nil, err
		}
		before := c.etag
		tag, err := b.conn.Exec(ctx, "update city.bench_point set diameter_mm = $1 where gid = (select gid from city.bench_point where geom && st_makeenvelope($2, $3, $4, $5, 4326) order by gid limit 1)",
			5000+i, bound.Min[0], bound.Min[1], bound.Max[0], bound.Max[1])
		if err != nil {
			return nil, err
		}
		if tag.RowsAffected() == 0 {
			continue
		}
		committed := time.Now()
		for c.etag == before {
			if _, _, err := c.get(path, "If-None-Match: "+before+"\r\n"); err != nil {
				return nil, err
			}
		}
		waits = append(waits, float64(time.Since(committed).Microseconds())/1e3)
	}
	slices.Sort(waits)
	return waits, nil
}

// movedTags moves rows, one at a time, and counts by zoom the tiles whose ETag
// differs, among those around the places and 2,000 elsewhere.
func (b *bench) movedTags(ctx context.Context, app *site) error {
	c, err := dial(app.address)
	if err != nil {
		return err
	}
	defer c.conn.Close()
	var elsewhere []string
	for z := uint8(12); z <= 16; z++ {
		for _, t := range addresses(z, 400) {
			elsewhere = append(elsewhere, tilePath(t, cityLayers))
		}
	}
	most, strays := 0, 0
	for gid := int64(1000); gid < 1005; gid++ {
		byZoom, strayed, err := b.moveOne(ctx, c, gid, elsewhere)
		if err != nil {
			return err
		}
		strays += strayed
		for _, n := range byZoom {
			most = max(most, n)
		}
	}
	b.add("one row moved: tiles with another ETag (≤4 a zoom)", fmt.Sprintf("at most %d a zoom, z0–z18; %d of %d elsewhere", most, strays, len(elsewhere)), "", "")
	return nil
}

// moveOne moves a row by two kilometres, and returns how many tiles around both
// places have another ETag by zoom, and how many elsewhere.
func (b *bench) moveOne(ctx context.Context, c *client, gid int64, elsewhere []string) (byZoom map[uint8]int, strays int, err error) {
	const by = 0.02 // degrees
	var lon, lat float64
	if err := b.conn.QueryRow(ctx, "select st_x(geom), st_y(geom) from city.bench_point where gid = $1", gid).Scan(&lon, &lat); err != nil {
		return nil, 0, err
	}
	near := map[string]uint8{}
	for _, lon := range []float64{lon, lon + by} {
		if err := tilesAround(lon, lat, near); err != nil {
			return nil, 0, err
		}
	}
	all := slices.AppendSeq(slices.Clone(elsewhere), maps.Keys(near))
	before, err := tagsOf(c, all)
	if err != nil {
		return nil, 0, err
	}
	var token string
	err = pgx.BeginFunc(ctx, b.conn, func(tx pgx.Tx) error {
		if _, err := tx.Exec(ctx, "update city.bench_point set geom = st_translate(geom, $1, 0) where gid = $2", by, gid); err != nil {
			return err
		}
		return tx.QueryRow(ctx, "select pg_current_xact_id()::text").Scan(&token)
	})
	if err != nil {
		return nil, 0, err
	}
	if _, _, err := c.get(all[0]+"?at="+token, gzipHeader); err != nil {
		return nil, 0, err
	}
	after, err := tagsOf(c, all)
	byZoom = map[uint8]int{}
	for p, tag := range after {
		if z, here := near[p]; tag != before[p] && here {
			byZoom[z]++
		} else if tag != before[p] {
			strays++
		}
	}
	return byZoom, strays, err
}

// tilesAround adds the tiles of every zoom at a place and beside it.
func tilesAround(lon, lat float64, into map[string]uint8) error {
	p, err := geo.Project(lon, lat)
	for z := uint8(0); z <= 18; z++ {
		for i := range uint32(9) {
			t := geo.Tile{Z: z, X: p.X()>>(32-z) + i%3 - 1, Y: p.Y()>>(32-z) + i/3 - 1}
			if t.X < 1<<z && t.Y < 1<<z {
				into[tilePath(t, cityLayers)] = z
			}
		}
	}
	return err
}

// tagsOf is the ETags of tiles.
func tagsOf(c *client, paths []string) (map[string]string, error) {
	found := map[string]string{}
	for _, p := range paths {
		c.etag = ""
		if _, _, err := c.get(p, gzipHeader); err != nil {
			return nil, err
		}
		found[p] = c.etag
	}
	return found, nil
}
