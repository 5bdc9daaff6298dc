package main

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"runtime"
	"sync"
	"sync/atomic"
	"time"

	"yizhan/geo"
	"yizhan/internal/lang"
	"yizhan/tiles"
	"yizhan/tiles/archive"
)

// export is one archive being written.
type export struct {
	command  *exportCommand
	layers   []*geo.Collection
	from, to uint8
	about    tiles.TileJSON
	plan     plan
	drawer   tiles.Drawer

	out     sink
	former  source         // whose tiles are copied; nil for none
	touched *geo.ExtentSet // ground that changed since; nil: everything
	next    uint64         // id of the first tile that was not done before

	redrawn, changed atomic.Int64
}

// plan says what an archive holds; it is kept in its metadata.
type plan struct {
	Format  int       `json:"format"` // of the drawing: another draws the same rows otherwise
	Layers  string    `json:"layers"`
	Zoom    [2]uint8  `json:"zoom"`
	BBox    []float64 `json:"bbox,omitempty"`
	Version string    `json:"version"` // of the data (pg_snapshot)
}

// planKey is where the metadata has the plan.
const planKey = "yizhan"

// like reports whether two plans differ in nothing but the version.
func (p plan) like(o plan) bool {
	p.Version, o.Version = "", ""
	a, errA := json.Marshal(p)
	b, errB := json.Marshal(o)
	return errA == nil && errB == nil && bytes.Equal(a, b)
}

func readPlan(v any) (p plan, ok bool) {
	text, err := json.Marshal(v)
	return p, err == nil && json.Unmarshal(text, &p) == nil && p.Version != ""
}

// begin opens the archive to write, and what there is of it already.
func (e *export) begin(ctx context.Context, l *ledger) error {
	if e.command.Update {
		if err := e.openFormer(ctx, l); err != nil {
			return err
		}
	}
	if err := e.samePlan(ctx, l); err != nil {
		return err
	}
	text, err := json.Marshal(e.plan)
	if err != nil {
		return err
	}
	path := e.command.Tiles
	if e.out, err = create(ctx, path, string(text), e.command.Fresh); err != nil {
		return err
	}
	if e.next = e.out.Next(); e.next > 0 {
		tell("%s: goes on where it was broken off", path)
	}
	return nil
}

// samePlan takes over the version of an archive that was broken off when the layers
// have not changed since, so that it can be gone on with.
func (e *export) samePlan(ctx context.Context, l *ledger) error {
	var was plan
	text := unfinished(ctx, e.command.Tiles)
	if text == "" || e.command.Fresh {
		return nil
	}
	if json.Unmarshal([]byte(text), &was) != nil || !was.like(e.plan) {
		tell("%s: another export was broken off here; this one starts over", e.command.Tiles)
		return nil
	}
	ground, whole, err := l.ChangedGround(ctx, was.Version, e.layers)
	if err != nil {
		return err
	}
	if whole || len(ground) > 0 {
		tell("%s: layers changed since it was broken off; it starts over", e.command.Tiles)
		return nil
	}
	e.plan.Version = was.Version
	return nil
}

// openFormer opens the archive that is brought up to date.
func (e *export) openFormer(ctx context.Context, l *ledger) error {
	path := e.command.Tiles
	former, holds, err := open(ctx, path)
	if errors.Is(err, os.ErrNotExist) {
		tell("%s: is not there yet and is written whole", path)
		return nil
	}
	if err != nil {
		return err
	}
	was, ours := readPlan(holds)
	if !ours || !was.like(e.plan) {
		tell("%s: holds other layers, zooms or ground, and is written whole", path)
		return former.Close()
	}
	e.former = former
	ground, whole, err := l.ChangedGround(ctx, was.Version, e.layers)
	if err != nil {
		return err
	}
	if whole {
		tell("%s: so much changed that every tile is drawn", path)
		return nil
	}
	e.touched = geo.NewExtentSet(ground)
	return nil
}

// exportChunk is how many tiles are drawn before they are written in order, and a
// checkpoint is made.
const exportChunk = 512

// run draws zoom by zoom, in the order of the archive.
func (e *export) run(ctx context.Context) (err error) {
	defer func() { err = errors.Join(err, e.close(context.WithoutCancel(ctx), err)) }()
	started := time.Now()
	for z := e.from; z <= e.to; z++ {
		if err := e.zoom(ctx, z, started); err != nil {
			return err
		}
	}
	size, err := e.out.Finish(archive.About{MinZoom: e.from, MaxZoom: e.to, Bounds: e.about.Bounds, Metadata: map[string]any{
		"name": e.about.Name, "description": e.about.Description, "attribution": e.about.Attribution, "type": "overlay",
		"vector_layers": e.about.VectorLayers, planKey: e.plan}})
	if err != nil {
		return err
	}
	added, different := e.out.Tiles()
	took := time.Since(started).Seconds()
	say("%s: %d tiles, %d of them different, %d bytes; %.1f s (%.0f tiles a second)", e.command.Tiles, added, different, size, took, float64(added)/max(took, 1e-3))
	if e.former != nil {
		say("%d tiles were drawn again, %d of them changed", e.redrawn.Load(), e.changed.Load())
	}
	return nil
}

func (e *export) close(ctx context.Context, failure error) error {
	if e.former != nil {
		failure = errors.Join(failure, e.former.Close())
	}
	closed := e.out.Close()
	if failure != nil && unfinished(ctx, e.command.Tiles) != "" {
		tell("%s: give the same command again to go on with it", e.command.Tiles)
	}
	return closed
}

// zoom draws the tiles of one zoom on every core.
func (e *export) zoom(ctx context.Context, z uint8, started time.Time) error {
	left, top, right, bottom := covering(z, e.about.Bounds)
	all := archive.Pyramid(z, left, top, right, bottom)
	bar := progress(fmt.Sprintf("%s zoom %d", e.command.Tiles, z))
	defer bar.clear()
	for at := 0; at < len(all); at += exportChunk {
		part := all[at:min(at+exportChunk, len(all))]
		if archive.ID(part[len(part)-1]) < e.next {
			continue
		}
		packed, err := e.packed(ctx, part)
		if err != nil {
			return err
		}
		for i, tile := range part {
			if packed[i] == nil || archive.ID(tile) < e.next {
				continue
			}
			if err := e.out.Add(tile, packed[i]); err != nil {
				return err
			}
		}
		if err := e.out.Checkpoint(archive.ID(part[len(part)-1]) + 1); err != nil {
			return err
		}
		bar.tiles(at+len(part), len(all), started)
	}
	return nil
}

// packed is the tiles of a part, packed; nil stands for an empty one.
func (e *export) packed(ctx context.Context, part []geo.Tile) ([][]byte, error) {
	packed := make([][]byte, len(part))
	touched := make([]bool, len(part))
	for i, t := range part { // the reader serves one at a time
		touched[i] = e.former == nil || e.touched == nil || e.touched.Touches(t.Window())
		if e.former != nil {
			var err error
			if packed[i], err = e.former.Tile(t); err != nil {
				return nil, err
			}
		}
	}
	failures := make([]error, runtime.NumCPU())
	var workers sync.WaitGroup
	for worker := range failures {
		workers.Go(func() {
			for i := worker; i < len(part) && ctx.Err() == nil; i += len(failures) {
				if !touched[i] {
					continue
				}
				made, err := e.tile(part[i])
				if err != nil {
					failures[worker] = lang.Errorf("tile %s: %w", part[i], err)
					return
				}
				e.redrawn.Add(1)
				if !bytes.Equal(made, packed[i]) {
					e.changed.Add(1)
				}
				packed[i] = made
			}
		})
	}
	workers.Wait()
	return packed, errors.Join(append(failures, ctx.Err())...)
}

// tile draws and packs one.
func (e *export) tile(t geo.Tile) ([]byte, error) {
	body, _, err := e.drawer.Draw(t, e.layers, tiles.Options{})
	if err != nil || len(body) == 0 {
		return nil, err
	}
	return packTile(body)
}
