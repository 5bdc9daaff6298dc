package main

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"runtime"
	"slices"
	"strconv"
	"strings"
	"sync"
	"time"

	"github.com/jackc/pgx/v5"
)

// soak mixes edits of every kind with requests for tiles and views, then compares
// every tile that was asked for with one drawn by a server that has just started.
func (b *bench) soak(ctx context.Context) error {
	app, stop, err := b.app(ctx, 64<<20)
	if err != nil {
		return err
	}
	defer stop()
	busy, end := context.WithTimeout(ctx, b.long)
	defer end()
	failures := make(chan error, 6)
	asked := &seen{paths: map[string]bool{}}
	for n := range 2 {
		go func() { failures <- b.editAnything(busy, uint64(n)) }()
	}
	for n := range 4 {
		go func() { failures <- asked.ask(busy, app.address, uint64(n)) }()
	}
	var readings []string
	for range 6 {
		select {
		case <-busy.Done():
		case <-time.After(b.long / 6):
		}
		readings = append(readings, fmt.Sprintf("%d MiB, %d goroutines", resident()>>20, runtime.NumGoroutine()))
		note("soak: %s, %d addresses", readings[len(readings)-1], asked.count())
	}
	<-busy.Done()
	for range 6 {
		if err := <-failures; err != nil && !errors.Is(err, context.DeadlineExceeded) && !strings.Contains(err.Error(), "canceled") {
			return err
		}
	}
	stale, err := b.compareAll(ctx, app, asked)
	if err != nil {
		return err
	}
	b.add(fmt.Sprintf("soak of %s: %d addresses, %d answers", b.long, asked.count(), asked.answers), fmt.Sprintf("%d differ from a fresh server's", stale), strings.Join([]string{readings[0], readings[len(readings)-1]}, " → "), "")
	if stale > 0 {
		return fmt.Errorf("%d tiles were stale", stale)
	}
	return nil
}

// seen is the addresses that were asked for.
type seen struct {
	mu      sync.Mutex
	paths   map[string]bool
	answers int
}

func (s *seen) count() int {
	s.mu.Lock()
	defer s.mu.Unlock()
	return len(s.paths)
}

// ask asks for tiles of all zooms, some of them of views.
func (s *seen) ask(ctx context.Context, address string, seed uint64) error {
	c, err := dial(address)
	if err != nil {
		return err
	}
	defer c.conn.Close()
	r := rand.New(rand.NewPCG(citySeed, seed))
	views := []string{"", "", "", "?columns=kind", "?filter=kind=%27water%27", "?datum=gcj02", "?datum=bd09&filter=kind%3C%3E%27gas%27"}
	for ctx.Err() == nil {
		all := addresses(uint8(10+r.IntN(8)), 64)
		path := tilePath(all[r.IntN(len(all))], "bench_point") + views[r.IntN(len(views))]
		if r.IntN(2) == 0 {
			path = tilePath(all[r.IntN(len(all))], cityLayers)
		}
		status, _, err := c.get(path, []string{"", gzipHeader, browserHeader}[r.IntN(3)])
		if err != nil || status >= 400 {
			return fmt.Errorf("%s: status %d: %w", path, status, err)
		}
		s.mu.Lock()
		s.paths[path] = true
		s.answers++
		s.mu.Unlock()
	}
	return nil
}

// editAnything moves, inserts, deletes, renames, and now and then does so in bulk.
func (b *bench) editAnything(ctx context.Context, seed uint64) error {
	conn, err := pgx.Connect(ctx, b.dsn)
	if err != nil {
		return err
	}
	defer conn.Close(context.WithoutCancel(ctx))
	r := rand.New(rand.NewPCG(citySeed+1, seed))
	for ctx.Err() == nil {
		gid := 1 + r.IntN(cityPoints)
		statement := []string{
			"update city.bench_point set geom = st_translate(geom, 0.003, 0.001) where gid = $1",
			"update city.bench_point set kind = 'gas' where gid = $1",
			"delete from city.bench_point where gid = $1",
			"insert into city.bench_point (code, kind, condition, geom) select code || '+', kind, condition, geom from city.bench_point where gid = $1 on conflict do nothing",
			"update city.bench_line set name = name || '路' where gid = $1 / 20",
			"update city.bench_polygon set geom = st_translate(geom, 0.001, 0) where gid = $1 / 4",
			"update city.bench_point set condition = 'missing' where gid between $1 and $1 + 200",
		}[r.IntN(7)]
		if _, err := conn.Exec(ctx, statement, gid); err != nil {
			return err
		}
		time.Sleep(time.Duration(r.IntN(20)) * time.Millisecond)
	}
	return nil
}

// compareAll asks the server and one that starts now for every address.
func (b *bench) compareAll(ctx context.Context, app *site, asked *seen) (stale int, err error) {
	var version string
	if err := b.conn.QueryRow(ctx, "select pg_current_snapshot()::text").Scan(&version); err != nil {
		return 0, err
	}
	fresh, stop, err := b.app(ctx, 0)
	if err != nil {
		return 0, err
	}
	defer stop()
	old, err := dial(app.address)
	if err != nil {
		return 0, err
	}
	defer old.conn.Close()
	new, err := dial(fresh.address)
	if err != nil {
		return 0, err
	}
	defer new.conn.Close()
	all := []string{}
	for p := range asked.paths {
		all = append(all, p)
	}
	slices.Sort(all)
	if len(all) == 0 {
		return 0, errors.New("nothing was asked for in " + strconv.Itoa(int(b.long.Seconds())) + " s")
	}
	if _, _, err := old.get(withVersion(all[0], version), ""); err != nil {
		return 0, err
	}
	for _, path := range all {
		_, a, err := old.get(path, "")
		if err != nil {
			return stale, err
		}
		_, b, err := new.get(path, "")
		if err != nil {
			return stale, err
		}
		if !bytes.Equal(a, b) {
			stale++
			note("stale: %s", path)
		}
	}
	return stale, nil
}

func withVersion(path, version string) string {
	if strings.Contains(path, "?") {
		return path + "&at=" + version
	}
	return path + "?at=" + version
}
