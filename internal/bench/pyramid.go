package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"time"

	"github.com/jackc/pgx/v5/pgxpool"

	"yizhan/geo"
)

// pyramid exports z0 to z14 of the city into a PMTiles archive with the binary, and
// compares the time with drawing the same tiles by ST_AsMVT: a sample of each zoom
// from 10 on, scaled up, and for the zooms below one tile each that takes as long as
// that of zoom 10.
func (b *bench) pyramid(ctx context.Context, dir string) error {
	file := dir + "/city.pmtiles"
	started := time.Now()
	export := exec.CommandContext(ctx, b.binary, "export", "--dsn", b.dsn, "--tiles", file, "--layers", cityLayers, "--zoom", "0-14")
	if out, err := export.CombinedOutput(); err != nil {
		return fmt.Errorf("export: %w: %s", err, out)
	}
	took := time.Since(started)
	size, err := os.Stat(file)
	if err != nil {
		return err
	}
	pool, err := b.postgisPool(ctx)
	if err != nil {
		return err
	}
	defer pool.Close()
	tiles, theirs := 0, 0.0
	for z := uint8(0); z <= 14; z++ {
		all := addresses(z, 1<<20)
		tiles += len(all)
		if z < 10 {
			continue
		}
		one, err := timeOf(ctx, pool, all[:min(len(all), 1+int(z-10)*3)])
		if err != nil {
			return err
		}
		theirs += one * float64(len(all))
		if z == 10 {
			theirs += one * 10 // z0 to z9 have at least as many rows in their one or two tiles
		}
	}
	b.add("pyramid z0–z14 into PMTiles, three layers", fmt.Sprintf("%d tiles in %.1f s, %.0f tiles/s, %.1f MB", tiles, took.Seconds(), float64(tiles)/took.Seconds(), float64(size.Size())/1e6),
		fmt.Sprintf("ST_AsMVT %.0f s (sampled)", theirs), fmt.Sprintf("%.0f×", theirs/took.Seconds()))
	return nil
}

// timeOf is how long ST_AsMVT takes for a tile with both cores at work, in seconds.
func timeOf(ctx context.Context, pool *pgxpool.Pool, some []geo.Tile) (float64, error) {
	const workers = 2
	started := time.Now()
	work, failures := make(chan geo.Tile, len(some)), make(chan error, workers)
	for _, t := range some {
		work <- t
	}
	close(work)
	for range workers {
		go func() {
			var err error
			for t := range work {
				if err == nil {
					_, err = drawPostGIS(ctx, pool, t)
				}
			}
			failures <- err
		}()
	}
	if err := errors.Join(<-failures, <-failures); err != nil {
		return 0, err
	}
	return time.Since(started).Seconds() / float64(len(some)), nil
}
