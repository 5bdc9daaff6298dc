package main

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"os"
	"runtime"
	"slices"
	"strconv"
	"strings"
	"sync/atomic"
	"time"

	"github.com/jackc/pgx/v5"

	"yizhan/geo"
)

// positions moves 1,000 points a second, each in a transaction of its own, as
// vehicles that report where they are, and samples how late tiles are and how much
// memory the process takes.
func (b *bench) positions(ctx context.Context) error {
	const perSecond, movers = 1000, 4
	app, stop, err := b.app(ctx, 0)
	if err != nil {
		return err
	}
	defer stop()
	moving, end := context.WithTimeout(ctx, b.long)
	defer end()
	var moved atomic.Int64
	failures := make(chan error, movers)
	for n := range movers {
		go func() { failures <- b.move(moving, n, movers, perSecond, &moved) }()
	}
	var late []float64
	memory := []int64{resident()}
	started := time.Now()
	for i := 0; moving.Err() == nil; i++ {
		wait, err := b.lateness(moving, app, int64(500_000+i))
		if err != nil && moving.Err() == nil {
			return err
		}
		if err == nil {
			late = append(late, wait)
		}
		if time.Since(started) > b.long*time.Duration(len(memory))/4 {
			memory = append(memory, resident())
		}
		time.Sleep(50 * time.Millisecond)
	}
	took := time.Since(started)
	for range movers {
		if err := <-failures; err != nil && !errors.Is(err, context.DeadlineExceeded) && moving.Err() == nil {
			return err
		}
	}
	memory = append(memory, resident())
	slices.Sort(late)
	var mib []string
	for _, m := range memory {
		mib = append(mib, strconv.FormatInt(m>>20, 10))
	}
	b.add(fmt.Sprintf("%.0f position updates/s for %.0f s: lateness of a tile (≤250 ms)", float64(moved.Load())/took.Seconds(), took.Seconds()),
		fmt.Sprintf("p50 %.1f ms, p95 %.1f ms, max %.1f ms of %d; memory %s MiB", late[len(late)/2], late[len(late)*95/100], late[len(late)-1], len(late), strings.Join(mib, " → ")), "", "")
	return nil
}

// move updates the positions of one share of the points at its share of the rate,
// pipelining transactions so that the round trip is not what limits it.
func (b *bench) move(ctx context.Context, n, movers, perSecond int, moved *atomic.Int64) error {
	const together = 10
	conn, err := pgx.Connect(ctx, b.dsn)
	if err != nil {
		return err
	}
	defer conn.Close(context.WithoutCancel(ctx))
	r := rand.New(rand.NewPCG(citySeed, uint64(n)))
	started := time.Now()
	for i := 0; ctx.Err() == nil; i++ {
		time.Sleep(time.Until(started.Add(time.Duration(i) * together * time.Duration(movers) * time.Second / time.Duration(perSecond))))
		batch := &pgx.Batch{}
		for range together { // each statement of its own transaction, as a pipeline without BEGIN commits at its end
			batch.Queue("update city.bench_point set geom = st_translate(geom, $1, $2) where gid = $3",
				0.0002*r.NormFloat64(), 0.0002*r.NormFloat64(), 1+r.IntN(400_000/movers)*movers+n)
		}
		if err := conn.SendBatch(ctx, batch).Close(); err != nil {
			return err
		}
		moved.Add(together)
	}
	return nil
}

// lateness is from the commit of an edit to the tile that shows it, in ms.
func (b *bench) lateness(ctx context.Context, app *site, gid int64) (float64, error) {
	c, err := dial(app.address)
	if err != nil {
		return 0, err
	}
	defer c.conn.Close()
	var lon, lat float64
	if err := b.conn.QueryRow(ctx, "select st_x(geom), st_y(geom) from city.bench_point where gid = $1", gid).Scan(&lon, &lat); err != nil {
		return 0, err
	}
	p, err := geo.Project(lon, lat)
	if err != nil {
		return 0, err
	}
	path := tilePath(geo.Tile{Z: 18, X: p.X() >> 14, Y: p.Y() >> 14}, "bench_point")
	mark := "edit " + strconv.FormatInt(gid, 10)
	if _, err := b.conn.Exec(ctx, "update city.bench_point set kind = $1 where gid = $2", mark, gid); err != nil {
		return 0, err
	}
	committed := time.Now()
	for ctx.Err() == nil {
		_, body, err := c.get(path, "")
		if err != nil {
			return 0, err
		}
		if strings.Contains(string(body), mark) {
			return float64(time.Since(committed).Microseconds()) / 1e3, nil
		}
	}
	return 0, ctx.Err()
}

// resident is the memory of this process, which is the server and those who ask, in bytes.
func resident() int64 {
	runtime.GC()
	text, err := os.ReadFile("/proc/self/statm")
	if err != nil {
		return 0
	}
	pages, err := strconv.ParseInt(strings.Fields(string(text))[1], 10, 64)
	if err != nil {
		return 0
	}
	return pages * int64(os.Getpagesize())
}
