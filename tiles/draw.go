package tiles

import (
	"slices"
	"sync"

	"yizhan/geo"
	"yizhan/geo/index"
	"yizhan/internal/lang"
)

// Options say what a tile shows of its layers, and bound it. The zero value is
// the usual tile.
type Options struct {
	Points   int // most points drawn singly, of a layer; 0 as [Budgets]
	Features int // most lines or polygons of a layer; 0 as [Budgets]
	Bytes    int // most bytes of a tile; 0 as [Budgets]

	Columns []string                 // the fields that features carry, at every zoom; nil for those of the zoom
	Filters map[geo.LayerName]Filter // what of a layer is drawn; nil for all
	Datum   geo.Datum                // in which the tile is drawn; "" for WGS 84
}

// Filter decides by a feature's values whether it is drawn. It serves one drawing
// at a time.
type Filter interface {
	Holds(values []index.Ref) bool
}

// Draw draws a tile with the layers in the order given; empty ones are left out,
// and a tile without features has no bytes. A personal layer is refused with
// geo.ErrForbidden. Who draws many tiles should keep a [Drawer].
func Draw(t geo.Tile, layers []*index.Collection, o Options) ([]byte, Stats, error) {
	return new(Drawer).Draw(t, layers, o)
}

// Drawer draws tiles and keeps the memory that it works in. Its zero value is
// ready, and any number of goroutines may use it.
type Drawer struct {
	idle sync.Pool // of *canvas
}

// Draw is like the function [Draw].
func (d *Drawer) Draw(t geo.Tile, layers []*index.Collection, o Options) ([]byte, Stats, error) {
	for _, l := range layers {
		if l.Layer().Privacy != geo.Public {
			return nil, Stats{}, lang.Errorf("layer %q is not public and has no tiles: %w", l.Layer().Name,
				geo.ErrForbidden)
		}
	}
	c, reused := d.idle.Get().(*canvas)
	if !reused {
		c = new(canvas)
	}
	defer d.idle.Put(c)
	c.start(t, o)
	shown := slices.DeleteFunc(slices.Clone(layers), func(l *index.Collection) bool {
		return int(t.Z) < l.Layer().MinZoom || int(t.Z) > l.Layer().MaxZoom
	})
	var stats Stats
	for i, l := range shown {
		c.bytes = (c.budget.Bytes - c.size) / (len(shown) - i) // what one leaves over goes to the rest
		if drawn := c.layer(l); drawn.Drawn > 0 {
			stats.Layers = append(stats.Layers, drawn)
		}
	}
	return c.finished(), stats, nil
}

// canvas is the memory in which one tile at a time is drawn.
type canvas struct {
	tile    geo.Tile
	grid    grid
	window  geo.Extent // true ground that may show
	options Options
	budget  Budget
	layers  []drawnLayer
	size    int // of the finished layers, in bytes

	// of the layer being drawn
	source   *index.Collection
	filter   Filter // nil for none
	bytes    int    // most of them
	scanned  int
	fields   []int // that tiles of this zoom carry
	keys     []int // key of each such field in the layer, -1 until used
	names    []string
	values   valueTable
	features []byte

	order    sorter
	sortKeys []int64        // of shapes
	found    []*index.Shape // by size
	bands    []int          // where each size ends in found
	shapes   []*index.Shape // of these, those that are drawn
	sorted   []*index.Shape
	refs     []index.Ref // of the shape being encoded
	geometry geometry
	cells    cellGrid
	shifted  index.Shape // a shape in the tile's datum
}

func (c *canvas) start(t geo.Tile, o Options) {
	if o.Datum == geo.WGS84 {
		o.Datum = ""
	}
	c.tile, c.grid, c.options, c.budget = t, newGrid(t), o, o.budgetAt(t.Z)
	c.window = o.Datum.Ground(t.Window())
	c.layers, c.size = c.layers[:0], 0
}

// finished is the tile, nil when it is empty.
func (c *canvas) finished() []byte {
	if c.size == 0 {
		return nil
	}
	tile := make([]byte, 0, c.size)
	for i := range c.layers {
		tile = c.layers[i].appendTo(tile)
	}
	return tile
}

// open makes the next layer's memory that of the one being drawn: what a tile before
// had in its place is used again.
func (c *canvas) open() *drawnLayer {
	n := len(c.layers)
	c.layers = slices.Grow(c.layers, 1)[:n+1]
	l := &c.layers[n]
	c.features, c.names, c.values.encoded = l.features[:0], l.keys[:0], l.values[:0]
	return l
}

// layer draws one layer and appends it to the tile if it has features.
func (c *canvas) layer(l *index.Collection) LayerStats {
	c.source, c.scanned = l, 0
	c.filter = c.options.Filters[l.Layer().Name]
	layer := l.Layer()
	c.carry(layer)
	in := c.open()
	var stats LayerStats
	switch {
	case layer.Kind != geo.Point:
		stats = c.drawShapes()
	case int(c.tile.Z) < layer.PointZoom:
		stats = c.drawCells(0)
	default:
		stats = c.drawPoints()
	}
	stats.Layer, stats.Scanned = layer.Name, c.scanned
	*in = drawnLayer{name: string(layer.Name), keys: c.names, features: c.features, values: c.values.encoded}
	if stats.Drawn > 0 {
		stats.Bytes = sizeOf(in.size())
		c.size += stats.Bytes
	} else {
		c.layers = c.layers[:len(c.layers)-1]
	}
	clear(c.shapes) // the canvas keeps no collection alive
	clear(c.found)
	c.source, c.filter, c.shapes = nil, nil, c.shapes[:0]
	c.cells.release()
	c.shifted.Release()
	return stats
}

// carry decides which fields the layer's features have: those asked for, or those
// of the zoom.
func (c *canvas) carry(layer *geo.Layer) {
	c.fields = c.fields[:0]
	for i, f := range layer.Fields {
		carried := f.InTile(c.tile.Z) || layer.Always(f) && int(c.tile.Z) < layer.PointZoom
		if c.options.Columns != nil {
			carried = slices.Contains(c.options.Columns, f.Name)
		}
		if carried {
			c.fields = append(c.fields, i)
		}
	}
}

// clean empties the layer's features, keys and values, of which about so many are
// to come.
func (c *canvas) clean(values int) {
	c.features, c.names = c.features[:0], c.names[:0]
	c.values.reset(values)
	c.keys = c.keys[:0]
	for range c.fields {
		c.keys = append(c.keys, -1)
	}
}

// full reports whether the layer has reached its bytes.
func (c *canvas) full() bool { return c.over(len(c.features)) }

// over reports whether so many bytes of features are too many with the values.
func (c *canvas) over(features int) bool {
	return features+len(c.values.encoded) > c.bytes
}

// addKey numbers the name of the i-th carried field.
func (c *canvas) addKey(i int) int {
	c.keys[i] = len(c.names)
	c.names = append(c.names, c.source.Layer().Fields[c.fields[i]].Name)
	return c.keys[i]
}
