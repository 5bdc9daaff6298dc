package main

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"yizhan/geo"
)

// What browsers ask for, and what older clients do.
const (
	browserHeader = "Accept-Encoding: gzip, deflate, br, zstd\r\n"
	gzipHeader    = "Accept-Encoding: gzip\r\n"
)

// served compares tiles as they are served: the whole server without its cache,
// with the catalogue's own generalisation and packing, against ST_AsMVT of the rows
// with gzip level 6, which is what others send.
func (b *bench) served(ctx context.Context) error {
	if _, err := b.conn.Exec(ctx, "update catalog.layer set point_zoom = default where name = 'bench_point'"); err != nil {
		return err
	}
	defer b.conn.Exec(context.WithoutCancel(ctx), "update catalog.layer set point_zoom = 14 where name = 'bench_point'")
	app, stop, err := b.app(ctx, 1)
	if err != nil {
		return err
	}
	defer stop()
	theirs, stopTheirs, err := b.postgis(ctx, true)
	if err != nil {
		return err
	}
	defer stopTheirs()
	for z := uint8(10); z <= 17; z++ {
		if err := b.compareServed(ctx, z, app, theirs); err != nil {
			return err
		}
	}
	return nil
}

func (b *bench) compareServed(ctx context.Context, z uint8, app, theirs *site) error {
	var ours, other []string
	for _, t := range addresses(z, 4096) {
		ours = append(ours, "/tiles/"+cityLayers+"/"+t.String()+".mvt")
		other = append(other, "/"+t.String())
	}
	largest, err := largestOf(app.address, ours, browserHeader, gzipHeader)
	if err != nil {
		return err
	}
	browser, err := drive(ctx, app.address, ours, browserHeader, 4, b.seconds)
	if err != nil {
		return err
	}
	zipped, err := drive(ctx, app.address, ours, gzipHeader, 4, b.seconds)
	if err != nil {
		return err
	}
	var p load
	target := 25
	if z >= 14 {
		p, err = drive(ctx, theirs.address, other, "", 4, b.seconds)
	} else {
		target = 200
		p, err = through(theirs.address, other, 4, 20*time.Second)
	}
	if err != nil {
		return err
	}
	size := func(l load) float64 { return float64(l.bytes) / float64(l.requests) / 1e3 }
	b.add(fmt.Sprintf("cold tile z%d as served (≥%d×)", z, target),
		fmt.Sprintf("zstd %.0f tiles/s, %.1f kB; gzip %.0f tiles/s, %.1f kB; largest %.0f kB", browser.perSecond(), size(browser), zipped.perSecond(), size(zipped), float64(largest)/1e3),
		fmt.Sprintf("ST_AsMVT, gzip 6: %.2f tiles/s, %.1f kB", p.perSecond(), size(p)),
		fmt.Sprintf("%.0f×, gzip %.0f×", browser.perSecond()/p.perSecond(), zipped.perSecond()/p.perSecond()))
	return nil
}

// largestOf asks once for every tile, at most 1,000.
func largestOf(address string, paths []string, headers ...string) (int, error) {
	c, err := dial(address)
	if err != nil {
		return 0, err
	}
	defer c.conn.Close()
	largest := 0
	for _, header := range headers {
		for _, path := range paths[:min(len(paths), 1000)] {
			_, body, err := c.get(path, header)
			if err != nil {
				return 0, err
			}
			largest = max(largest, len(body))
		}
	}
	return largest, nil
}

// through asks for the paths in turn, each request to its end, until the time is
// over; it is for what takes seconds a tile.
func through(address string, paths []string, clients int, span time.Duration) (load, error) {
	var next, requests, bytes atomic.Int64
	failures := make([]error, clients)
	started := time.Now()
	var group sync.WaitGroup
	for n := range clients {
		group.Go(func() {
			c, err := dial(address)
			if err != nil {
				failures[n] = err
				return
			}
			defer c.conn.Close()
			for time.Since(started) < span {
				status, body, err := c.get(paths[int(next.Add(1)-1)%len(paths)], "")
				if err != nil || status >= 400 {
					failures[n] = fmt.Errorf("status %d: %w", status, err)
					return
				}
				requests.Add(1)
				bytes.Add(int64(len(body)))
			}
		})
	}
	group.Wait()
	i := slices.IndexFunc(failures, func(err error) bool { return err != nil })
	if i >= 0 {
		return load{}, failures[i]
	}
	return load{requests.Load(), bytes.Load(), time.Since(started)}, nil
}

// tilePath is the address of a tile of the bench layers.
func tilePath(t geo.Tile, layers ...string) string {
	return "/tiles/" + strings.Join(layers, ",") + "/" + t.String() + ".mvt"
}
