package main

import (
	"context"
	"fmt"
	"net/http"
	"slices"
	"strconv"
	"time"

	"yizhan/internal/server"
)

// app runs the whole server on the made-up city, with so much memory for finished
// tiles; 0 is the usual.
func (b *bench) app(ctx context.Context, cache int64) (*site, func(), error) {
	app := server.New(server.Options{Ledger: b.ledger, Log: b.log, CacheBytes: cache})
	following, cancel := context.WithCancel(ctx)
	done := make(chan struct{})
	go func() { defer close(done); _ = app.Follow(following) }()
	<-app.Loaded()
	at, err := serve(app)
	if err != nil {
		cancel()
		return nil, nil, err
	}
	return at, func() { at.close(); cancel(); <-done }, nil
}

const cityLayers = "bench_point,bench_line,bench_polygon"

// hot compares a cached tile through the whole server with a bare handler that
// writes the same bytes, and the answer 304 with the answer 200.
func (b *bench) hot(ctx context.Context) error {
	app, stop, err := b.app(ctx, 0)
	if err != nil {
		return err
	}
	defer stop()
	path := "/tiles/" + cityLayers + "/" + addresses(16, 1)[0].String() + ".mvt"
	header := "Accept-Encoding: gzip\r\n"
	c, err := dial(app.address)
	if err != nil {
		return err
	}
	defer c.conn.Close()
	status, body, err := c.get(path, header)
	if err != nil || status != http.StatusOK {
		return fmt.Errorf("%s: status %d: %w", path, status, err)
	}
	same := slices.Clone(body)
	bare, err := serve(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		h := w.Header()
		h.Set("Content-Type", "application/vnd.mapbox-vector-tile")
		h.Set("Content-Encoding", "gzip")
		h.Set("Content-Length", strconv.Itoa(len(same)))
		w.Write(same)
	}))
	if err != nil {
		return err
	}
	defer bare.close()
	var ours, floor, unchanged []float64
	for range 5 { // in turns, so that a slow moment of the machine hits both
		for _, m := range []struct {
			address, header string
			into            *[]float64
		}{{app.address, header, &ours}, {bare.address, header, &floor}, {app.address, header + "If-None-Match: " + c.etag + "\r\n", &unchanged}} {
			l, err := drive(ctx, m.address, []string{path}, m.header, 8, b.seconds/4)
			if err != nil {
				return err
			}
			*m.into = append(*m.into, l.perSecond())
		}
	}
	a, f, u := median(ours), median(floor), median(unchanged)
	b.add(fmt.Sprintf("cached tile (%d bytes), 8 clients", len(same)), fmt.Sprintf("%.0f/s", a), fmt.Sprintf("bare handler %.0f/s", f), fmt.Sprintf("%.2f", a/f))
	b.add("304, 8 clients", fmt.Sprintf("%.0f/s", u), fmt.Sprintf("200 path %.0f/s", a), fmt.Sprintf("%.2f×", u/a))
	return nil
}

// live measures from the commit of an edit in psql's place to the next tile that shows it.
func (b *bench) live(ctx context.Context) error {
	app, stop, err := b.app(ctx, 0)
	if err != nil {
		return err
	}
	defer stop()
	tile := addresses(16, 1)[0]
	path := "/tiles/bench_point/" + tile.String() + ".mvt"
	c, err := dial(app.address)
	if err != nil {
		return err
	}
	defer c.conn.Close()
	bound := tile.Bound()
	var gid int64
	err = b.conn.QueryRow(ctx, "select gid from city.bench_point where geom && st_makeenvelope($1, $2, $3, $4, 4326) order by gid limit 1",
		bound.Min[0], bound.Min[1], bound.Max[0], bound.Max[1]).Scan(&gid)
	if err != nil {
		return err
	}
	var waits []float64
	for i := range 200 {
		if _, _, err := c.get(path, ""); err != nil {
			return err
		}
		before := c.etag
		if _, err := b.conn.Exec(ctx, "update city.bench_point set diameter_mm = $1 where gid = $2", 1000+i, gid); err != nil {
			return err
		}
		committed := time.Now()
		for c.etag == before {
			if _, _, err := c.get(path, "If-None-Match: "+before+"\r\n"); err != nil {
				return err
			}
		}
		waits = append(waits, float64(time.Since(committed).Microseconds())/1e3)
	}
	slices.Sort(waits)
	b.add("edit committed → in the next tile, 200 edits", fmt.Sprintf("p50 %.1f ms, p95 %.1f ms, max %.1f ms",
		waits[len(waits)/2], waits[len(waits)*95/100], waits[len(waits)-1]), "", "")
	return nil
}

func median(v []float64) float64 {
	slices.Sort(v)
	return v[len(v)/2]
}
