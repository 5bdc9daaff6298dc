package export

import (
	"bytes"
	"context"
	"errors"
	"runtime"
	"sync"
	"sync/atomic"
	"time"

	"yizhan/geo"
	"yizhan/internal/lang"
	"yizhan/tiles"
	"yizhan/tiles/archive"
)

// chunk is how many tiles are drawn before they are written in order and a checkpoint
// is made.
const chunk = 512

// zoom draws the tiles of one zoom.
func (e *export) zoom(ctx context.Context, z uint8) error {
	left, top, right, bottom := geo.Covering(z, e.about.Bounds)
	all := archive.Pyramid(z, left, top, right, bottom)
	next := e.out.Next()
	for at := 0; at < len(all); at += chunk {
		part := all[at:min(at+chunk, len(all))]
		end := archive.ID(part[len(part)-1]) + 1
		if end <= next {
			continue
		}
		packed, err := e.packed(ctx, part)
		if err != nil {
			return err
		}
		for i, tile := range part {
			if packed[i] == nil || archive.ID(tile) < next {
				continue
			}
			if err := e.out.Add(tile, packed[i]); err != nil {
				return err
			}
		}
		if err := e.out.Checkpoint(end); err != nil {
			return err
		}
		if e.Progress != nil {
			e.Progress(Progress{Zoom: z, Done: at + len(part), Total: len(all), Elapsed: time.Since(e.started)})
		}
	}
	return nil
}

// packed is the tiles of a part, packed; nil stands for an empty one.
func (e *export) packed(ctx context.Context, part []geo.Tile) ([][]byte, error) {
	packed, err := e.copied(part)
	if err != nil {
		return nil, err
	}
	failures := make([]error, runtime.NumCPU())
	var workers sync.WaitGroup
	var redrawn, changed atomic.Int64
	for worker := range failures {
		workers.Go(func() {
			for i := worker; i < len(part) && ctx.Err() == nil; i += len(failures) {
				if !e.mustDraw(part[i]) {
					continue
				}
				made, err := e.tile(part[i])
				if err != nil {
					failures[worker] = lang.Errorf("tile %s: %w", part[i], err)
					return
				}
				redrawn.Add(1)
				if !bytes.Equal(made, packed[i]) {
					changed.Add(1)
				}
				packed[i] = made
			}
		})
	}
	workers.Wait()
	e.summary.Redrawn += redrawn.Load()
	e.summary.Changed += changed.Load()
	return packed, errors.Join(append(failures, ctx.Err())...)
}

// copied is the tiles of a part as the former archive has them; its reader serves one
// goroutine.
func (e *export) copied(part []geo.Tile) ([][]byte, error) {
	packed := make([][]byte, len(part))
	if e.former == nil {
		return packed, nil
	}
	for i, t := range part {
		var err error
		if packed[i], err = e.former.Tile(t); err != nil {
			return nil, err
		}
	}
	return packed, nil
}

// mustDraw is whether a tile cannot be copied from the former archive.
func (e *export) mustDraw(t geo.Tile) bool {
	return e.former == nil || e.touched == nil || e.touched.Touches(t.Window())
}

// tile draws and packs one.
func (e *export) tile(t geo.Tile) ([]byte, error) {
	body, _, err := e.drawer.Draw(t, e.Layers, tiles.Options{})
	if err != nil || len(body) == 0 {
		return nil, err
	}
	return archive.Pack(body)
}
