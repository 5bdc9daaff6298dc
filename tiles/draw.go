package tiles

import (
	"fmt"
	"sync"

	"yizhan/geo"
)

// Options bound what one layer puts into a tile. Zero means the default.
type Options struct {
	Points   int // most points drawn singly; default 40,000
	Features int // most lines or polygons; default 30,000
	Bytes    int // most bytes of features and values; default 4 MiB
}

func (o Options) withDefaults() Options {
	if o.Points <= 0 {
		o.Points = 40_000
	}
	if o.Features <= 0 {
		o.Features = 30_000
	}
	if o.Bytes <= 0 {
		o.Bytes = 4 << 20
	}
	return o
}

// Stats tells what became of the features of each layer that the tile has.
type Stats struct {
	Layers []LayerStats
}

// LayerStats counts one layer's part of a tile.
type LayerStats struct {
	Layer   geo.LayerName
	Drawn   int // features in the tile, cells included
	Merged  int // points that the cells stand for
	Dropped int // lines or polygons left out because the tile was full
	Bytes   int // of the layer's part, uncompressed
}

// Draw draws a tile with the layers in the order given; empty ones are left out,
// and a tile without features has no bytes. A personal layer is refused with
// geo.ErrForbidden. Who draws many tiles should keep a [Drawer].
func Draw(t geo.Tile, layers []*geo.Collection, o Options) ([]byte, Stats, error) {
	return new(Drawer).Draw(t, layers, o)
}

// Drawer draws tiles and keeps the memory that it works in. Its zero value is
// ready, and any number of goroutines may use it.
type Drawer struct {
	idle sync.Pool // of *canvas
}

// Draw is like the function [Draw].
func (d *Drawer) Draw(t geo.Tile, layers []*geo.Collection, o Options) ([]byte, Stats, error) {
	for _, l := range layers {
		if l.Layer().Privacy != geo.Public {
			return nil, Stats{}, fmt.Errorf("layer %q is not public and has no tiles: %w", l.Layer().Name, geo.ErrForbidden)
		}
	}
	c, reused := d.idle.Get().(*canvas)
	if !reused {
		c = new(canvas)
	}
	defer d.idle.Put(c)
	c.start(t, o.withDefaults())
	var stats Stats
	for _, l := range layers {
		if z := int(t.Z); z < l.Layer().MinZoom || z > l.Layer().MaxZoom {
			continue
		}
		if drawn := c.layer(l); drawn.Drawn > 0 {
			stats.Layers = append(stats.Layers, drawn)
		}
	}
	return c.finished(), stats, nil
}

// canvas is the memory in which one tile at a time is drawn.
type canvas struct {
	tile   geo.Tile
	grid   grid
	limits Options
	tileIs []byte // finished layers

	// of the layer being drawn
	source   *geo.Collection
	fields   []int // that tiles of this zoom carry
	keys     []int // key of each such field in the layer, -1 until used
	names    []string
	values   valueTable
	features []byte

	order    sorter
	points   pointList
	shapes   []*geo.Shape
	sorted   []*geo.Shape
	refs     []geo.Ref // of the shape being encoded
	geometry geometry
	cells    *[cellsPerTile]cell
}

func (c *canvas) start(t geo.Tile, o Options) {
	c.tile, c.grid, c.limits = t, newGrid(t), o
	c.tileIs = c.tileIs[:0]
}

// finished is a copy of the tile, nil when it is empty.
func (c *canvas) finished() []byte {
	if len(c.tileIs) == 0 {
		return nil
	}
	return append([]byte(nil), c.tileIs...)
}

// layer draws one layer and appends it to the tile if it has features.
func (c *canvas) layer(l *geo.Collection) LayerStats {
	c.source = l
	layer := l.Layer()
	c.fields = c.fields[:0]
	for i, f := range layer.Fields {
		if f.InTile(c.tile.Z) {
			c.fields = append(c.fields, i)
		}
	}
	var stats LayerStats
	switch {
	case layer.Kind != geo.Point:
		stats = c.drawShapes()
	case int(c.tile.Z) < layer.PointZoom:
		stats = c.drawCells()
	default:
		stats = c.drawPoints()
	}
	stats.Layer = layer.Name
	if stats.Drawn > 0 {
		before := len(c.tileIs)
		c.tileIs = appendLayer(c.tileIs, string(layer.Name), c.names, c.features, c.values.encoded)
		stats.Bytes = len(c.tileIs) - before
	}
	clear(c.shapes) // the canvas keeps no collection alive
	c.source, c.shapes = nil, c.shapes[:0]
	return stats
}

// clean empties the layer's features, keys and values.
func (c *canvas) clean() {
	c.features, c.names = c.features[:0], c.names[:0]
	c.values.reset()
	c.keys = c.keys[:0]
	for range c.fields {
		c.keys = append(c.keys, -1)
	}
}

// full reports whether the layer has reached its bytes.
func (c *canvas) full() bool { return c.over(len(c.features)) }

// over reports whether so many bytes of features are too many with the values.
func (c *canvas) over(features int) bool {
	return features+len(c.values.encoded) > c.limits.Bytes
}

// addKey numbers the name of the i-th carried field.
func (c *canvas) addKey(i int) int {
	c.keys[i] = len(c.names)
	c.names = append(c.names, c.source.Layer().Fields[c.fields[i]].Name)
	return c.keys[i]
}
