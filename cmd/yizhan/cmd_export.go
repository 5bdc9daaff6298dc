package main

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"log/slog"
	"math"
	"os"
	"runtime"
	"strconv"
	"strings"
	"sync"
	"time"

	"github.com/klauspost/compress/gzip"

	"yizhan/geo"
	"yizhan/internal/replica"
	"yizhan/tiles"
	"yizhan/tiles/archive"
)

type exportCommand struct {
	ledgerFlags
	Tiles  string    `help:"Archive to write, a .pmtiles file." required:"" placeholder:"FILE.pmtiles"`
	Layers []string  `help:"Public layers (default: all)." placeholder:"NAME,…"`
	Zoom   string    `help:"Zooms, from-to." default:"0-14" placeholder:"A-B"`
	BBox   []float64 `name:"bbox" help:"Only tiles that touch this box, in degrees (default: where the layers lie)." placeholder:"W,S,E,N"`
}

func (c *exportCommand) Help() string {
	return `Draws the whole pyramid as it is served, and writes it into one PMTiles file (version 3) for a static
host or an object store. The file appears when it is whole. Layers of persons are never in it.

Example:
  yizhan export --tiles city.pmtiles --layers road,station --zoom 6-15`
}

// Run draws and writes the pyramid.
func (c *exportCommand) Run(ctx context.Context, log *slog.Logger) error {
	from, to, err := zooms(c.Zoom)
	if err != nil {
		return err
	}
	ledger, err := c.open(ctx, log)
	if err != nil {
		return err
	}
	defer ledger.close(ctx, log)
	layers, err := c.layers(ctx, ledger, log)
	if err != nil {
		return err
	}
	about := tiles.NewTileJSON("", "", layers, tiles.Options{})
	if len(c.BBox) != 0 {
		if len(c.BBox) != 4 || !(c.BBox[0] < c.BBox[2] && c.BBox[1] < c.BBox[3]) {
			return fmt.Errorf("--bbox takes west,south,east,north in degrees, such as 112.4,32.9,112.7,33.1: %w", geo.ErrInvalid)
		}
		about.Bounds = [4]float64(c.BBox)
	}
	w, err := archive.Create(c.Tiles)
	if err != nil {
		return err
	}
	defer w.Close()
	started := time.Now()
	for z := from; z <= to; z++ {
		if err := c.zoom(ctx, w, z, about.Bounds, layers, started); err != nil {
			return err
		}
	}
	size, err := w.Finish(archive.About{MinZoom: from, MaxZoom: to, Bounds: about.Bounds, Metadata: map[string]any{
		"name": about.Name, "description": about.Description, "attribution": about.Attribution, "type": "overlay", "vector_layers": about.VectorLayers}})
	if err != nil {
		return err
	}
	added, different := w.Tiles()
	took := time.Since(started).Seconds()
	fmt.Printf("%s: %d tiles, %d of them different, %d bytes; %.1f s (%.0f tiles a second)\n", c.Tiles, added, different, size, took, float64(added)/max(took, 1e-3))
	return nil
}

// zooms reads "0-14" or "12".
func zooms(text string) (from, to uint8, err error) {
	a, b, ranged := strings.Cut(text, "-")
	if !ranged {
		b = a
	}
	first, errA := strconv.ParseUint(a, 10, 8)
	last, errB := strconv.ParseUint(b, 10, 8)
	if errA != nil || errB != nil || first > last || last > geo.MaxZoom {
		return 0, 0, fmt.Errorf("--zoom %q: write two zooms from 0 to %d, such as 0-14: %w", text, geo.MaxZoom, geo.ErrInvalid)
	}
	return uint8(first), uint8(last), nil
}

// layers loads the public layers as the server does, and picks those asked for.
func (c *exportCommand) layers(ctx context.Context, l *ledger, log *slog.Logger) ([]*geo.Collection, error) {
	ctx, stop := context.WithCancel(ctx)
	copied := replica.New(replica.Options{DSN: l.dsn, Log: log})
	ended := make(chan error, 1)
	go func() { ended <- copied.Run(ctx) }()
	defer func() {
		stop()
		<-ended
	}()
	select {
	case <-copied.Loaded():
	case <-ctx.Done():
		return nil, ctx.Err()
	}
	state := copied.State()
	var names []string
	var chosen []*geo.Collection
	for _, layer := range state.Catalog {
		names = append(names, string(layer.Name))
		if len(c.Layers) == 0 {
			chosen = append(chosen, state.Layers[layer.Name])
		}
	}
	for _, name := range c.Layers {
		collection, there := state.Layers[geo.LayerName(name)]
		if !there {
			return nil, fmt.Errorf("there is no public layer %q%s: %w", name, geo.Suggest(geo.Nearest(name, names)), geo.ErrNotFound)
		}
		chosen = append(chosen, collection)
	}
	return chosen, nil
}

// exportChunk is how many tiles are drawn before they are written in order.
const exportChunk = 512

// zoom draws the tiles of one zoom on every core.
func (c *exportCommand) zoom(ctx context.Context, w *archive.Writer, z uint8, box [4]float64, layers []*geo.Collection, started time.Time) error {
	left, top, right, bottom := covering(z, box)
	all := archive.Pyramid(z, left, top, right, bottom)
	bar := newBar(os.Stderr, fmt.Sprintf("%s zoom %d", c.Tiles, z))
	defer bar.clear()
	var drawer tiles.Drawer
	for at := 0; at < len(all); at += exportChunk {
		part := all[at:min(at+exportChunk, len(all))]
		packed, err := drawn(ctx, &drawer, part, layers)
		if err != nil {
			return err
		}
		for i, tile := range part {
			if packed[i] == nil {
				continue
			}
			if err := w.Add(tile, packed[i]); err != nil {
				return err
			}
		}
		bar.tiles(at+len(part), len(all), started)
	}
	return nil
}

// drawn draws and packs tiles; nil stands for an empty one.
func drawn(ctx context.Context, drawer *tiles.Drawer, part []geo.Tile, layers []*geo.Collection) ([][]byte, error) {
	packed := make([][]byte, len(part))
	failures := make([]error, runtime.NumCPU())
	var workers sync.WaitGroup
	for worker := range failures {
		workers.Go(func() {
			for i := worker; i < len(part) && ctx.Err() == nil; i += len(failures) {
				body, _, err := drawer.Draw(part[i], layers, tiles.Options{})
				if err == nil && len(body) > 0 {
					packed[i], err = packTile(body)
				}
				if err != nil {
					failures[worker] = fmt.Errorf("tile %s: %w", part[i], err)
					return
				}
			}
		})
	}
	workers.Wait()
	return packed, errors.Join(append(failures, ctx.Err())...)
}

// exportLevel of gzip: 9 takes twelve times as long for tiles that are a fiftieth smaller (BenchmarkGzip of package tiles).
const exportLevel = 6

func packTile(body []byte) ([]byte, error) {
	var out bytes.Buffer
	zip, err := gzip.NewWriterLevel(&out, exportLevel)
	if err != nil {
		return nil, err
	}
	_, err = zip.Write(body)
	if err = errors.Join(err, zip.Close()); err != nil {
		return nil, err
	}
	return out.Bytes(), nil
}

// covering are the numbers of the tiles that touch a box.
func covering(z uint8, box [4]float64) (left, top, right, bottom uint32) {
	n := math.Exp2(float64(z))
	number := func(v float64) uint32 { return uint32(math.Min(math.Max(math.Floor(v), 0), n-1)) }
	row := func(lat float64) float64 {
		s := math.Sin(math.Min(math.Max(lat, -85.0511), 85.0511) * math.Pi / 180)
		return (0.5 - math.Log((1+s)/(1-s))/(4*math.Pi)) * n
	}
	return number((box[0] + 180) / 360 * n), number(row(box[3])), number((box[2] + 180) / 360 * n), number(row(box[1]))
}
